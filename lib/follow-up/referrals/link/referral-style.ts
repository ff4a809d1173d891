import { createHash } from 'node:crypto'

/** The looks of the page: legible on a phone, in the dark, when enlarged, and in print. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --back: #f3f5f7; --soft: #4b5563; --line: #8a94a0; --act: #0b5394; --on-act: #fff; --bad: #a11212; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f4; --paper: #1b2026; --back: #101418; --soft: #b4bdc7; --line: #77828e; --act: #8ec5ff; --on-act: #0b1a2a; --bad: #ffb3ad; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 1.0625rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0 1rem; }
h2 { font-size: 1.1875rem; margin: 0 0 0.5rem; }
section, form { background: var(--paper); border: 1px solid var(--line); border-radius: 0.5rem; padding: 1rem; margin: 0 0 1rem; }
dl { margin: 0; display: grid; gap: 0.25rem 1rem; }
dt { color: var(--soft); }
dd { margin: 0 0 0.5rem; overflow-wrap: anywhere; }
@media (min-width: 34rem) { main { padding: 2rem 1rem; } dl { grid-template-columns: 11rem 1fr; } dd { margin: 0; } }
label { display: block; font-weight: 600; margin: 0.75rem 0 0.25rem; }
select, textarea { width: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 0.375rem; padding: 0.625rem; min-height: 2.75rem; }
textarea { min-height: 6rem; resize: vertical; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: 0.625rem 1.25rem; margin-top: 1rem; border-radius: 0.375rem; border: 2px solid var(--act); background: var(--act); color: var(--on-act); width: 100%; cursor: pointer; }
button.other { background: transparent; color: var(--act); }
@media (min-width: 34rem) { button { width: auto; } }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
.hint { color: var(--soft); margin: 0.25rem 0; }
.alert { border-left: 0.375rem solid var(--bad); }
.alert h2, .error { color: var(--bad); }
.error { font-weight: 600; margin: 0.25rem 0; }
[aria-invalid] { border: 2px solid var(--bad); }
.alert p, .done p { margin: 0; }
.done { border-left: 0.375rem solid var(--act); }
a { color: var(--act); }
footer { color: var(--soft); font-size: 0.9375rem; }
@media print { form, footer { display: none; } }
`

/** By which a Content-Security-Policy lets this style in, and no other. */
export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`
