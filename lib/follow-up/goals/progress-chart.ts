import { LineChart } from 'echarts/charts'
import { GridComponent, MarkAreaComponent, MarkLineComponent, TitleComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { Temporal } from 'temporal-polyfill'
import type { Instant } from '../../fhir.ts'
import type { Aim, Target } from './goal-target.ts'
import { isAmount } from './measured-value.ts'
import { type Progress, rounded } from './progress.ts'

use([LineChart, GridComponent, MarkAreaComponent, MarkLineComponent, TitleComponent, SVGRenderer])

const WIDTH = 800
const TARGET_HEIGHT = 300
const TOP = 56
const BOTTOM = 44
const DAY_MS = 86_400_000

/** A moment as the axis shows it: its local time, since the chart itself knows no time zones. */
const localMs = (instant: Instant, timeZone: string): number =>
  Temporal.PlainDateTime.from(
    Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDateTime(),
  ).toZonedDateTime('UTC').epochMilliseconds

const limitsOf = (aim: Aim): { low?: number; high?: number } => {
  if (aim.kind === 'same') return {}
  if (aim.kind === 'range') return { low: aim.low, high: aim.high }
  return aim.comparator?.startsWith('>') ? { low: aim.limit } : { high: aim.limit }
}

const aimText = (aim: Aim, direction: string | undefined): string => {
  if (aim.kind === 'same') return ''
  if (aim.kind === 'limit') {
    const sign = { '<': '<', '<=': '≤', '>': '>', '>=': '≥' }[
      aim.comparator ?? (direction === 'decrease' ? '<=' : '>=')
    ]
    return `target ${sign} ${rounded(aim.limit)} ${aim.unit}`
  }
  const { low, high } = aim
  if (low !== undefined && high !== undefined) return `target ${rounded(low)} to ${rounded(high)} ${aim.unit}`
  return low === undefined ? `target ≤ ${rounded(high!)} ${aim.unit}` : `target ≥ ${rounded(low)} ${aim.unit}`
}

const shownLimits = (target: Target, progress: Progress): { low?: number; high?: number } => {
  const { aim, index } = target
  if (aim.kind !== 'limit' || aim.comparator) return limitsOf(aim)
  return progress.evaluation.baselines.get(index)?.direction === 'decrease' ? { high: aim.limit } : { low: aim.limit }
}

interface Panel {
  target: Target
  /** between which values of the target's unit it is drawn */
  extent: { min: number; max: number }
  data: [at: number, value: number][]
}

const panelsOf = (progress: Progress, timeZone: string): Panel[] =>
  progress.targets
    .filter(({ aim }) => aim.kind !== 'same')
    .map((target) => {
      const data = progress.evaluation.points.flatMap(({ target: index, at, value }): Panel['data'] =>
        index === target.index && isAmount(value) ? [[localMs(at, timeZone), rounded(value.value)]] : [],
      )
      const { low, high } = shownLimits(target, progress)
      const limits = [low, high].filter((limit) => limit !== undefined)
      return { target, data, extent: valueExtent([...data.map(([, value]) => value), ...limits]) }
    })

const dateLabel = (ms: number): string =>
  new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', year: 'numeric', timeZone: 'UTC' }).format(ms)

/** The values with some room, so that neither a point nor the target lies on the edge. */
const valueExtent = (values: readonly number[]) => {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const room = (most - least || Math.abs(most) || 1) * 0.2
  return { min: rounded(least - room), max: rounded(most + room) }
}

const COLORS = { line: '#1f5fa8', target: '#2e7d32', band: 'rgba(46, 125, 50, 0.12)', due: '#8a4b00', text: '#333333' }

const seriesOf = (panel: Panel, n: number, progress: Progress, timeZone: string) => {
  const { target, data, extent } = panel
  const { low, high } = shownLimits(target, progress)
  const due = target.due === undefined ? undefined : localMs(target.due, timeZone)
  const limits = [low, high].filter((limit) => limit !== undefined)
  return {
    type: 'line' as const,
    xAxisIndex: n,
    yAxisIndex: n,
    data,
    symbol: 'circle',
    symbolSize: 9,
    lineStyle: { color: COLORS.line, width: 2 },
    itemStyle: { color: COLORS.line },
    label: {
      show: data.length <= 12,
      position: 'top' as const,
      color: COLORS.text,
      formatter: ({ value }: { value: unknown }) => String(Number((value as number[])[1]!.toPrecision(4))),
    },
    markArea: {
      silent: true,
      itemStyle: { color: COLORS.band },
      data: limits.length ? [[{ yAxis: low ?? extent.min }, { yAxis: high ?? extent.max }]] : [],
    },
    markLine: {
      silent: true,
      symbol: 'none',
      data: [
        ...limits.map((yAxis) => ({
          yAxis,
          lineStyle: { color: COLORS.target, width: 2, type: 'solid' as const },
          label: {
            show: true,
            position: 'insideStartTop' as const,
            color: COLORS.target,
            formatter: `${rounded(yAxis)}`,
          },
        })),
        ...(due === undefined
          ? []
          : [
              {
                xAxis: due,
                lineStyle: { color: COLORS.due, width: 1.5, type: 'dashed' as const },
                label: {
                  show: true,
                  position: 'end' as const,
                  color: COLORS.due,
                  formatter: `due ${dateLabel(due)}`,
                },
              },
            ]),
      ],
    },
  }
}

/**
 * A picture of how far a Goal has come, one panel for each target of numbers: its values by local date, its target as a line with the side
 * where values are to be in green, and its due date. It names neither the patient nor the measure: pictures go their own ways. Undefined when
 * no target is one of numbers.
 */
export const progressChart = (progress: Progress, timeZone: string): string | undefined => {
  const panels = panelsOf(progress, timeZone)
  if (!panels.length) return undefined
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: panels.length * TARGET_HEIGHT })
  const moments = panels.flatMap(({ target, data }) => [
    ...data.map(([at]) => at),
    ...(target.due ? [localMs(target.due, timeZone)] : []),
  ])
  const begin = localMs(progress.start, timeZone)
  const range = { min: Math.min(begin, ...moments) - DAY_MS, max: Math.max(begin + DAY_MS, ...moments) + DAY_MS }
  chart.setOption({
    useUTC: true,
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'Helvetica, Arial, sans-serif' },
    title: panels.map(({ target }, n) => ({
      text: `Goal progress${panels.length > 1 ? ` ${n + 1} of ${panels.length}` : ''}`,
      subtext: `${aimText(target.aim, progress.evaluation.baselines.get(target.index)?.direction)} · ${progress.evaluation.status}`,
      left: 60,
      top: n * TARGET_HEIGHT + 6,
      itemGap: 4,
      textStyle: { fontSize: 15, color: COLORS.text },
      subtextStyle: { fontSize: 12, color: COLORS.target },
    })),
    grid: panels.map((_, n) => ({
      left: 60,
      right: 60,
      top: n * TARGET_HEIGHT + TOP + 12,
      height: TARGET_HEIGHT - TOP - BOTTOM - 12,
    })),
    xAxis: panels.map((_, n) => ({
      type: 'time',
      gridIndex: n,
      ...range,
      axisLabel: { formatter: dateLabel, hideOverlap: true, color: COLORS.text, fontSize: 11 },
      splitNumber: 6,
    })),
    yAxis: panels.map(({ target, extent }, n) => ({
      type: 'value',
      gridIndex: n,
      name: target.aim.kind === 'same' ? '' : target.aim.unit,
      nameTextStyle: { align: 'right', color: COLORS.text, fontSize: 12 },
      ...extent,
      axisLabel: { color: COLORS.text, showMinLabel: false, showMaxLabel: false },
      splitLine: { lineStyle: { color: '#e6e6e6' } },
    })),
    series: panels.map((panel, n) => seriesOf(panel, n, progress, timeZone)),
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}
