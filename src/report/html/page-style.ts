/**
 * The style of every page. Nothing in it is fetched, and colours are those of the tokens at its top alone. Letters stand in the order
 * in which they are written, those of scripts that are read from right to left too: two such values would change places around the
 * arrow between them.
 * @see Unicode Technical Report #36, "Bidirectional Text Spoofing"
 */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --raised: #f6f7f9; --ink: #1c2128; --soft: #57606a; --line: #d5dae0; --link: #0b5cad;
  --bad: #b42318; --bad-soft: #fdf0ee; --good: #146c43; --odd: #8a5300; --odd-soft: #fdf5e6;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15191e; --raised: #1d232a; --ink: #e4e8ec; --soft: #9da7b1; --line: #363e48; --link: #7ab8f5;
    --bad: #ff8f85; --bad-soft: #33201f; --good: #6fcf97; --odd: #e9b44c; --odd-soft: #2e2717;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.55 var(--sans); overflow-wrap: anywhere; }
header, main, footer { max-width: 70rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.5rem; }
main { padding-bottom: 3rem; }
footer { padding-bottom: 2rem; color: var(--soft); font-size: .87rem; border-top: 1px solid var(--line); padding-top: 1rem; }
h1, h2, h3, li, dd, p, .code, .note, svg text { direction: ltr; unicode-bidi: bidi-override; }
h1 { font-size: 1.45rem; line-height: 1.3; margin: 0 0 .75rem; letter-spacing: -.01em; }
h2 { font-size: 1.15rem; margin: 1.75rem 0 .6rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.75rem 0 .6rem; }
p { margin: .5rem 0; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .4rem .8rem; z-index: 1; }
.verdict { padding-left: .8rem; border-left: 6px solid var(--soft); }
.verdict.danger { border-color: var(--bad); }
.verdict.caution { border-color: var(--odd); }
.verdict.quiet { border-color: var(--good); }
.objections { margin: 0 0 .75rem; padding-left: 1.2rem; color: var(--bad); font-weight: 600; }
.facts + .facts { margin-top: .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
.facts { display: grid; grid-template-columns: 7.5rem 1fr; gap: .15rem 1rem; margin: 0; font-size: .9rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; }
code, .code { font-family: var(--mono); font-size: .87em; }
.count { color: var(--soft); font-weight: 400; }
nav ul, .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; margin: 1rem 0 0; padding: 0; font-size: .9rem; }
.filter { display: flex; flex-wrap: wrap; align-items: end; gap: .75rem 1.25rem; margin: 1.25rem 0 0; padding: .85rem 1rem; background: var(--raised); border: 1px solid var(--line); border-radius: 8px; font-size: .9rem; }
.filter label { display: block; }
.filter label > span { display: block; color: var(--soft); margin-bottom: .15rem; }
.filter input[type=search], .filter select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 6px; padding: .35rem .55rem; width: 12.5rem; max-width: 100%; }
.filter fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
.filter legend { color: var(--soft); padding: 0; margin-bottom: .15rem; }
.filter fieldset label { display: inline-block; margin-right: .8rem; line-height: 2.1; }
.filter button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 6px; padding: .35rem .9rem; cursor: pointer; }
.filter output { color: var(--soft); flex-basis: 100%; }
.entry { border: 1px solid var(--line); border-left: 4px solid var(--soft); border-radius: 6px; padding: .65rem .9rem; margin: .55rem 0; background: var(--paper); }
.entry.bad { border-left-color: var(--bad); }
.entry.odd { border-left-color: var(--odd); }
.entry h3 { margin: 0; font-size: .95rem; display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem .6rem; }
.mark { font: 600 .75rem/1.5 var(--sans); padding: .05rem .5rem; border-radius: 99px; background: var(--raised); color: var(--soft); white-space: nowrap; }
.mark.bad { background: var(--bad-soft); color: var(--bad); }
.mark.odd { background: var(--odd-soft); color: var(--odd); }
.lines { list-style: none; margin: .35rem 0 0; padding: 0; font-family: var(--mono); font-size: .82rem; line-height: 1.6; }
.lines li { white-space: pre-wrap; padding-left: calc(var(--in, 0) * 1rem + 1rem); text-indent: -1rem; }
.lines .in1 { --in: 1; } .lines .in2 { --in: 2; } .lines .in3 { --in: 3; } .lines .in4 { --in: 4; } .lines .in5 { --in: 5; }
.lines .added { color: var(--good); } .lines .removed { color: var(--bad); } .lines .changed { color: var(--odd); }
.note { color: var(--soft); font-size: .9rem; font-weight: 400; }
details { margin: .6rem 0; }
details > .entry { content-visibility: auto; contain-intrinsic-size: auto 5rem; }
summary { cursor: pointer; }
summary h2 { display: inline; border: 0; margin: 0; padding: 0; }
section > details { margin: 1.5rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); }
pre { font-family: var(--mono); font-size: .82rem; overflow-x: auto; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem; }
.graph { margin: 1rem 0; border: 1px solid var(--line); border-radius: 8px; }
.graph .scroll { overflow-x: auto; background: var(--raised); border-radius: 8px 8px 0 0; }
.graph .scroll > svg { display: block; margin: 0 auto; }
.graph figcaption { padding: .1rem 1rem .6rem; font-size: .9rem; }
.graph .legend { margin-top: .5rem; color: var(--soft); }
.graph .key { vertical-align: middle; }
.box rect { fill: var(--paper); stroke: var(--soft); stroke-width: 1.2; }
.box.power rect { stroke-dasharray: 4 3; }
.box.critical rect, .box.high rect { stroke: var(--bad); stroke-width: 2; fill: var(--bad-soft); }
.box.medium rect { stroke: var(--odd); stroke-width: 2; fill: var(--odd-soft); }
.box text { fill: var(--ink); font: 12.5px var(--mono); }
.arrow { fill: none; stroke: var(--soft); stroke-width: 1.4; }
.arrow.assumes { stroke-dasharray: 6 4; }
.arrow.gained { stroke: var(--bad); stroke-width: 2; }
.arrow.lost { stroke: var(--good); stroke-width: 1.6; stroke-dasharray: 1.6 4; }
.tip { fill: var(--soft); }
.tip.gained { fill: var(--bad); }
.tip.lost { fill: var(--good); }
@media (max-width: 40rem) {
  header, main, footer { padding-left: .9rem; padding-right: .9rem; }
  h1 { font-size: 1.25rem; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: .35rem; }
  .filter label.wide, .filter input[type=search], .filter select { width: 100%; }
}
@media print {
  .filter, nav, .skip { display: none; }
  body { font-size: 11pt; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  .entry { break-inside: avoid; }
  details > .entry { content-visibility: visible; }
  .graph .scroll > svg { max-width: 100%; height: auto; }
}
`
