import fc from 'fast-check'

/** Templates of `--format` that are sound: each part has the type that is wanted in its place. */
const { text, piece } = fc.letrec<{ text: string; count: string; truth: string; piece: string }>((tie) => {
  const [text, count, truth, piece] = [tie('text'), tie('count'), tie('truth'), tie('piece')]
  const call = (name: string, ...args: fc.Arbitrary<string>[]) =>
    fc.tuple(...args).map((all) => `(${name} ${all.join(' ')})`)
  const number = fc.integer({ min: 0, max: 12 }).map(String)
  const format = fc.constantFrom('%s', '%q', '%10s', '%-10s|', '%.2s', '%v', '%x', '%X', '%d', '%5v', '%%%s')
  const ofNumber = fc.constantFrom(
    '%d',
    '%5d',
    '%-5d|',
    '%05d',
    '%x',
    '%X',
    '%o',
    '%b',

    '%U',
    '%v',
    '%+d',
    '%s',
    '%#x',
    '%q',
  )
  return {
    text: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(
        '.Name',
        '.Service',
        '.State',
        '.Health',
        '$.Project',
        '"a-b c"',
        '`r_w`',
        '"\\"é"',
        '(.Label "tier")',
      ),
      ...['upper', 'lower', 'title', 'json', 'html', 'urlquery', 'print'].map((name) => call(name, text)),
      call(
        'printf',
        format.map((each) => `"${each}"`),
        text,
      ),
      call(
        'printf',
        ofNumber.map((each) => `"${each}"`),
        count,
      ),
      call('print', count, count, text),
      call('join', call('split', text, fc.constantFrom('"-"', '" "', '""')), fc.constantFrom('"+"', '""')),
      call('pad', text, number, number),
      call('truncate', text, number),
      call('or', text, text),
      call('and', text, text),
      call('slice', fc.constant('"0123456789abcdef"'), number),
    ),
    count: fc.oneof(
      { maxDepth: 3 },
      number,
      fc.constantFrom('.ExitCode', "'a'", '0x1f', '-3', '(len .Publishers)', '(index .Publishers 0).TargetPort'),
      call('len', text),
    ),
    truth: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom('true', 'false'),
      ...['eq', 'ne', 'lt', 'le', 'gt', 'ge'].flatMap((name) => [call(name, text, text), call(name, count, count)]),
      call('eq', text, text, text),
      call('not', fc.oneof(text, count, truth)),
      call('and', truth, truth),
      call('or', truth, truth),
    ),
    piece: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('x', ' ', '{', '}', '\\t', '"', '{{/* note */}}'),
      fc.oneof(text, count, truth).map((each) => `{{${each}}}`),
      fc.tuple(piece, text, piece).map(([a, each, b]) => `${a}{{- ${each} -}}${b}`),
      fc
        .tuple(text, fc.constantFrom('upper', 'printf "%s!"', 'len', 'json', 'print 1'))
        .map((all) => `{{${all.join(' | ')}}}`),
      fc.tuple(truth, piece, piece).map(([a, b, c]) => `{{if ${a}}}${b}{{else}}${c}{{end}}`),
      fc.tuple(text, truth, piece).map(([a, b, c]) => `{{if ${a}}}1{{else if ${b}}}${c}{{end}}`),
      fc.tuple(text, piece).map(([a, b]) => `{{with $w := ${a}}}{{.}}{{$w}}{{else}}${b}{{end}}`),
      text.map(
        (a) =>
          `{{$v := "0"}}{{range $i, $p := .Publishers}}{{$i}}{{$p.TargetPort}}{{$v = $.Name}}{{end}}{{$v}}{{${a}}}`,
      ),
      fc.constant(
        '{{range .Publishers}}{{if eq .TargetPort 80}}{{continue}}{{end}}{{.Protocol}}{{break}}{{else}}none{{end}}',
      ),
    ),
  }
})

/** `count` of them, the same for the same seed. */
export function soundTemplates(count: number, seed: number): string[] {
  return fc.sample(
    fc.oneof(
      piece,
      text.map((each) => `{{${each}}}`),
    ),
    { numRuns: count, seed },
  )
}
