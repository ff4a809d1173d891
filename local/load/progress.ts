import { Presets, SingleBar } from 'cli-progress'

/** What a person sees while files are loaded. */
export interface Progress {
  start(totalBytes: number): void
  advance(bytes: number, resources: number): void
  /** a line that stays */
  say(text: string): void
  stop(): void
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`

/** A bar for a terminal. */
export const createProgressBar = (stream: NodeJS.WriteStream): Progress => {
  const bar = new SingleBar(
    {
      stream,
      format: '{bar} {percentage} % | {resources} resources | {rate}/s | {left} left',
      hideCursor: true,
      clearOnComplete: true,
      forceRedraw: true,
      fps: 5,
    },
    Presets.shades_classic,
  )
  let started = 0
  let total = 0
  let bytes = 0
  let resources = 0
  const payload = () => {
    const seconds = (performance.now() - started) / 1000
    const left = bytes > 0 && seconds > 1 ? clock((seconds * (total - bytes)) / bytes) : '…'
    return { resources, rate: seconds > 1 ? Math.round(resources / seconds) : '…', left }
  }
  return {
    start(totalBytes) {
      started = performance.now()
      total = totalBytes
      bar.start(totalBytes, 0, payload())
    },
    advance(moreBytes, moreResources) {
      bytes += moreBytes
      resources += moreResources
      bar.update(bytes, payload())
    },
    say(text) {
      // The bar is drawn again below the line at its next turn.
      stream.write(`\r\x1b[2K${text}\n`)
    },
    stop: () => bar.stop(),
  }
}

/** Lines for a log file or a pipe. */
export const createProgressLines = (stream: NodeJS.WritableStream): Progress => ({
  start() {},
  advance() {},
  say: (text) => {
    stream.write(`${text}\n`)
  },
  stop() {},
})
