import { type Diagnostic, didYouMean, errorOf, type Span } from '../diagnostics/index.ts'

const MOST_PLACES = 3

/** One message for an anchor that is not there, whatever the number of its aliases. */
export function missingAnchor(
  name: string,
  span: Span,
  others: readonly Span[],
  anchors: Iterable<string>,
): Diagnostic {
  const more = others.length === 0 ? '' : `, nor before ${others.length} more of the kind`
  return errorOf({
    code: 'manifest.yaml-unknown-alias',
    message: `no anchor \`&${name}\` stands before this alias${more}`,
    help: didYouMean(
      name,
      anchors,
      'anchors are set further up in the same YAML document; quote a text that begins with `*`',
    ),
    span,
    related: others.slice(0, MOST_PLACES).map((other) => ({ message: 'also here', span: other })),
  })
}
