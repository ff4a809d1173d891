/** What an ADT message says; the rest is the same in all. */
export interface AdtText {
  trigger: string
  /** MSH-10 */
  id?: string
  /** EVN-2 */
  at?: string
  /** PID-3 */
  patient?: string
  /** MRG-1 */
  prior?: string
  /** PV1 by number of the field; PV1-19 is V100 unless given */
  pv1?: Readonly<Record<number, string>>
  /** MSH by number of the field */
  msh?: Readonly<Record<number, string>>
}

const fields = (name: string, values: Readonly<Record<number, string>>): string => {
  const last = Math.max(0, ...Object.keys(values).map(Number))
  return [name, ...Array.from({ length: last }, (_, index) => values[index + 1] ?? '')].join('|')
}

/** An ADT message in ER7, of MR 4711 of HOSP. */
export const er7 = ({ trigger, id = `M-${trigger}`, at = '20261120150000-0600', ...said }: AdtText): string => {
  const msh = {
    ...{
      3: 'ADT',
      4: 'HOSP',
      5: 'CARELOOP',
      6: 'CL',
      7: at,
      9: `ADT^${trigger}^ADT_A01`,
      10: id,
      11: 'P',
      12: '2.5.1',
    },
    ...said.msh,
  }
  // MSH-1 is the separator itself.
  const header = fields(
    'MSH',
    Object.fromEntries(Object.entries(msh).map(([field, value]) => [Number(field) - 1, value])),
  )
  return [
    header.replace('MSH|', 'MSH|^~\\&'),
    fields('EVN', { 1: trigger, 2: at }),
    fields('PID', { 1: '1', 3: said.patient ?? '4711^^^HOSP^MR~999-00-1111^^^SSA^SS', 5: 'Brandt^Amelia' }),
    ...(said.prior ? [fields('MRG', { 1: said.prior })] : [fields('PV1', { 1: '1', 19: 'V100', ...said.pv1 })]),
  ].join('\r')
}
