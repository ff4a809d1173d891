import { Stack } from 'aws-cdk-lib'
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'
import type { Throttling } from '../deployment.ts'
import type { Logs } from './logs.ts'

export interface FirewallProps {
  /** The stage of the API. */
  readonly stageArn: string
  readonly logs: Logs
  readonly throttling: Throttling
}

/** AWS's groups of rules, and the rules in them that only count: each would refuse what FHIR allows. */
const MANAGED: Readonly<Record<string, readonly string[]>> = {
  AWSManagedRulesCommonRuleSet: [
    // It refuses bodies above 8 KB; a Bundle is up to 6 MB, which API Gateway and Lambda hold to.
    'SizeRestrictions_BODY',
    // It refuses queries above 2 KB; a search names many ids, and the link to its next page carries a sealed cursor.
    'SizeRestrictions_QUERYSTRING',
    // The narrative of a resource is XHTML. Answers are data, never a page; the one page there is escapes all of it.
    'CrossSiteScripting_BODY',
    // Interface engines of hospitals often say nothing of themselves.
    'NoUserAgent_HEADER',
  ],
  AWSManagedRulesKnownBadInputsRuleSet: [],
}

/** Counted, but no request is sampled: a sample shows path, query and headers. */
const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
})

const managedRules = (): CfnWebACL.RuleProperty[] =>
  Object.entries(MANAGED).map(([name, counted], priority) => ({
    name,
    priority,
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    overrideAction: { none: {} },
    visibilityConfig: visibility(name),
  }))

/** The web application firewall of the API. */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, { stageArn, logs, throttling }: FirewallProps) {
    super(scope, id)
    const rules = managedRules()
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      // Its metrics are told apart by this name alone.
      visibilityConfig: visibility(Stack.of(this).stackName),
      rules: [
        ...rules,
        {
          name: 'RequestsPerAddress',
          priority: rules.length,
          statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: throttling.requestsPerAddress } },
          action: { block: {} },
          visibilityConfig: visibility('RequestsPerAddress'),
        },
      ],
    })
    new CfnWebACLAssociation(this, 'Association', { resourceArn: stageArn, webAclArn: acl.attrArn })
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      // WAF takes no other names: https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
      logDestinationConfigs: [logs.create(this, 'Log', 'aws-waf-logs-').logGroupArn],
      // What was refused and why, without what was asked.
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          { Behavior: 'KEEP', Requirement: 'MEETS_ANY', Conditions: [{ ActionCondition: { Action: 'BLOCK' } }] },
        ],
      },
      redactedFields: [
        { uriPath: {} },
        { queryString: {} },
        ...['authorization', 'cookie', 'referer', 'x-careloop-user'].map((name) => ({ singleHeader: { Name: name } })),
      ],
    })
  }
}
