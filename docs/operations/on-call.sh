# Source it: . docs/operations/on-call.sh careloop-mercy us-east-1
# Then: `alarms`, `of Lambda::Function FunctionsTaskFunction`, `log FunctionsTaskLogs '%"status":5%' 60`, `letters UnprocessedEvents`
STACK=$1
export AWS_DEFAULT_REGION=$2

# The name that AWS gave to what the stack calls $2..., of type AWS::$1.
of() {
  aws cloudformation list-stack-resources --stack-name "$STACK" --output text \
    --query "StackResourceSummaries[?ResourceType=='AWS::$1' && starts_with(LogicalResourceId,'$2')].PhysicalResourceId"
}

# Lines of a log group of the stack that match a pattern, of the last $3 minutes (30).
log() {
  aws logs filter-log-events --log-group-name "$(of Logs::LogGroup "$1")" --filter-pattern "$2" \
    --start-time "$((($(date +%s) - ${3:-30} * 60) * 1000))" --query 'events[].[message]' --output text
}

# Which alarms of the stack are on, and since when.
alarms() {
  aws cloudwatch describe-alarms --state-value ALARM --alarm-name-prefix "$STACK-" --output table \
    --query 'MetricAlarms[].[AlarmName,StateUpdatedTimestamp]'
}

# How many letters each queue holds, or, with the name of one, up to ten of them; each is hidden for 60 seconds, and stays.
letters() {
  if [ -n "$1" ]; then
    aws sqs receive-message --queue-url "$(queue "$1")" --max-number-of-messages 10 --visibility-timeout 60 \
      --message-attribute-names All --output json
  else
    for url in $(of SQS::Queue ''); do
      echo "$url $(aws sqs get-queue-attributes --queue-url "$url" --attribute-names ApproximateNumberOfMessages \
        --query Attributes.ApproximateNumberOfMessages --output text)"
    done
  fi
}

# The address of the queue UnpublishedRecords, UnprocessedEvents, UndeliveredEvents or MissedMinutes.
queue() {
  case $1 in MissedMinutes) of SQS::Queue ScheduleMissedMinutes ;; *) of SQS::Queue "Events$1" ;; esac
}

account() { aws sts get-caller-identity --query Account --output text; }
busArn() { echo "arn:aws:events:$AWS_DEFAULT_REGION:$(account):event-bus/$STACK"; }

# Runs the function of each letter in UnprocessedEvents again, on its event, and takes the letters out that it deals with. Ten a time.
redeliver() {
  dir=$(mktemp -d)
  letters UnprocessedEvents | jq -c '.Messages[]?' >"$dir/letters"
  while read -r letter; do
    # Lambda's letters have the event in an envelope; those of rules are the event.
    printf '%s' "$letter" | jq -c '.Body | fromjson | .requestPayload // .' >"$dir/event"
    function=$(printf '%s' "$letter" |
      jq -r '(.Body | fromjson | .requestContext.functionArn) // .MessageAttributes.TARGET_ARN.StringValue | sub(":\\$LATEST$"; "")')
    failure=$(aws lambda invoke --function-name "$function" --payload "fileb://$dir/event" "$dir/answer" \
      --query FunctionError --output text </dev/null)
    settle UnprocessedEvents "$letter" "$failure" "$function"
  done <"$dir/letters"
  rm -r "$dir"
}

# Publishes the records that the letters in UnpublishedRecords name, as long as the stream has them: 24 hours.
republish() {
  dir=$(mktemp -d)
  letters UnpublishedRecords | jq -c '.Messages[]?' >"$dir/letters"
  while read -r letter; do
    printf '%s' "$letter" | jq -r '.Body | fromjson | .DDBStreamBatchInfo | .streamArn, .shardId, .startSequenceNumber' >"$dir/place"
    { read -r stream && read -r shard && read -r number; } <"$dir/place"
    iterator=$(aws dynamodbstreams get-shard-iterator --stream-arn "$stream" --shard-id "$shard" \
      --shard-iterator-type AT_SEQUENCE_NUMBER --sequence-number "$number" --query ShardIterator --output text </dev/null)
    # What comes after them is published again: it does no harm.
    aws dynamodbstreams get-records --shard-iterator "$iterator" --limit 1000 --output json </dev/null |
      jq -c '{Records: [.Records[] | select(.dynamodb.Keys.sk.S == "current")]}' >"$dir/records"
    failure=$(aws lambda invoke --function-name "$(of Lambda::Function FunctionsStreamPublishFunction)" \
      --payload "fileb://$dir/records" "$dir/answer" --query FunctionError --output text </dev/null)
    [ "$failure" != None ] || jq -e '.batchItemFailures == []' "$dir/answer" >/dev/null || failure=refused
    settle UnpublishedRecords "$letter" "$failure" "$number"
  done <"$dir/letters"
  rm -r "$dir"
}

# Takes a letter out of its queue when there was no failure.
settle() {
  if [ "$3" = None ]; then
    aws sqs delete-message --queue-url "$(queue "$1")" --receipt-handle "$(printf '%s' "$2" | jq -r .ReceiptHandle)" </dev/null
    echo "done: $4"
  else
    echo "failed again ($3): $4"
  fi
}
