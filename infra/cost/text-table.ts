/** A table for a terminal: the first column to the left, the others to the right. */
export const textTable = (title: string, head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const text = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2))
  return [title, '', text(head), rule, ...rows.map(text)].join('\n')
}

/** US dollars to the cent; what is less than one, to a hundredth of it; nothing is a dash. */
export const dollars = (amount: number): string => {
  if (amount === 0) return '-'
  const digits = amount < 0.01 ? 4 : 2
  return amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
