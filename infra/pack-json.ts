import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import type { Plugin } from 'esbuild'

/** A table below this gains nothing. */
const SMALLEST_TABLE = 4_096

/**
 * Puts tables of JSON into a bundle as deflated text: what a function has to read before it starts shrinks to a quarter, and `JSON.parse`
 * reads the table faster than JavaScript is compiled.
 */
export const packJson: Plugin = {
  name: 'pack-json',
  setup({ onLoad }) {
    onLoad({ filter: /\.json$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      // The SDK's clients ask their own for the version, for the header User-Agent.
      if (basename(path) === 'package.json')
        return {
          contents: JSON.stringify({ version: (JSON.parse(text) as { version: string }).version }),
          loader: 'json',
        }
      if (text.length < SMALLEST_TABLE) return { contents: text, loader: 'json' }
      const packed = deflateRawSync(JSON.stringify(JSON.parse(text)), { level: 9 }).toString('base64')
      return {
        // As CommonJS, which can be imported as well as required.
        loader: 'js',
        contents:
          `const { inflateRawSync } = process.getBuiltinModule('node:zlib')\n` +
          `module.exports = JSON.parse(inflateRawSync(Buffer.from('${packed}', 'base64')).toString('utf8'))`,
      }
    })
  },
}
