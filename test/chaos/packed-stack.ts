import type { SynthesizedStack, Template } from '../../local/synthesize.ts'

/** A synthesized stack as JSON, for another process; its files stay where they are. */
export interface PackedStack {
  template: Template
  assets: [string, string][]
}

export const packStack = ({ template, assets }: SynthesizedStack): PackedStack => ({ template, assets: [...assets] })

export const unpackStack = ({ template, assets }: PackedStack): SynthesizedStack => ({
  template,
  assets: new Map(assets),
  dispose: () => undefined,
})
