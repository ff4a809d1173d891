/** One cell of a table: no line ends, and `|` does not part it. */
export const cell = (text: string | number | undefined): string =>
  text === undefined
    ? ''
    : String(text)
        .replaceAll(/\s*\n\s*/g, ' ')
        .replaceAll('|', '\\|')

export const code = (text: string | undefined): string => (text ? `\`${text.replaceAll('`', "'")}\`` : '')

/** A table without rows is nothing. */
export const table = (
  head: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): string[] =>
  rows.length
    ? [
        `| ${head.join(' | ')} |`,
        `|${head.map(() => '---').join('|')}|`,
        ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
        '',
      ]
    : []

/** A part with a heading; nothing when it holds nothing. */
export const section = (title: string, lines: readonly string[]): string[] =>
  lines.length ? [`## ${title}`, '', ...lines] : []
