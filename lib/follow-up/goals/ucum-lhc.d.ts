/** What is used of a package that comes without types. https://lhncbc.github.io/ucum-lhc/ */
declare module '@lhncbc/ucum-lhc' {
  interface Conversion {
    status: 'succeeded' | 'failed' | 'error'
    toVal: number | null
  }
  interface Utils {
    convertUnitTo(from: string, value: number, to: string): Conversion
  }
  const ucum: { UcumLhcUtils: { getInstance(): Utils } }
  export default ucum
}
