/** Stacks of any size, each of which grows in another way: file names below /lab to texts. */
export type Shape = (count: number) => Record<string, string>

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)
const lines = (count: number, line: (index: number) => string) => numbers(count).map(line).join('')
const stack = (text: string) => ({ 'stack.yaml': text })
const one = (key: string, text: string) => stack(`services:\n  a:\n    image: x\n    ${key}:\n${text}`)

export const SHAPES: Readonly<Record<string, Shape>> = {
  'services that need nothing': (count) =>
    stack(
      `services:\n${lines(count, (at) => `  s${at}:\n    image: x\n    command: [sleep, 1d]\n    environment: { A: "${at}" }\n    ports: ["${at + 1}:80"]\n`)}`,
    ),
  'a chain of services': (count) =>
    stack(
      `services:\n${lines(count, (at) => `  s${at}: { image: x, depends_on: [${at > 0 ? `s${at - 1}` : ''}] }\n`)}`,
    ),
  'services behind a circle': (count) =>
    stack(`services:\n${lines(count, (at) => `  s${at}: { image: x, depends_on: [s${at > 0 ? at - 1 : 1}] }\n`)}`),
  'pairs of services that need each other': (count) =>
    stack(`services:\n${lines(count, (at) => `  s${at}: { image: x, depends_on: [s${at ^ 1}] }\n`)}`),
  'services before a circle': (count) =>
    stack(
      `services:\n${lines(count, (at) => `  s${at}: { image: x, depends_on: [s${at + 1 < count ? at + 1 : at - 1}] }\n`)}`,
    ),
  'services that extend unknown ones': (count) =>
    stack(`services:\n${lines(count, (at) => `  s${at}: { extends: unknown${at} }\n`)}`),
  'services with errors, without an image': (count) =>
    stack(`services:\n${lines(count, (at) => `  s${at}: { command: a, ports: [x] }\n`)}`),
  'services that extend one': (count) =>
    stack(
      `services:\n  base: { image: x, environment: [A=1, B=2] }\n${lines(count, (at) => `  s${at}: { extends: base, command: run }\n`)}`,
    ),
  'services that extend one of another file': (count) => ({
    'base.yaml': 'services: { base: { image: x, environment: [A=1, B=2] } }',
    'stack.yaml': `services:\n${lines(count, (at) => `  s${at}: { extends: { file: base.yaml, service: base } }\n`)}`,
  }),
  'services of a file, each extended': (count) => ({
    'base.yaml': `services:\n${lines(count, (at) => `  b${at}: { image: x, environment: [A=1, B=2] }\n`)}`,
    'stack.yaml': `services:\n${lines(count, (at) => `  s${at}: { extends: { file: base.yaml, service: b${at} } }\n`)}`,
  }),
  'files that are included': (count) => ({
    ...Object.fromEntries(numbers(count).map((at) => [`part${at}.yaml`, `services: { s${at}: { image: x } }`])),
    'stack.yaml': `include:\n${lines(count, (at) => `  - part${at}.yaml\n`)}`,
  }),
  'files that include each other in a row': (count) => ({
    ...Object.fromEntries(
      numbers(count).map((at) => [
        `part${at}.yaml`,
        `${at + 1 < count ? `include: [part${at + 1}.yaml]\n` : ''}services: { s${at}: { image: x } }`,
      ]),
    ),
    'stack.yaml': 'include: [part0.yaml]',
  }),
  'services that extend each other in a row': (count) =>
    stack(
      `services:\n${lines(count, (at) => `  s${at}: { image: x, ${at + 1 < count ? `extends: s${at + 1}` : ''} }\n`)}`,
    ),
  'files that extend each other in a row': (count) =>
    Object.fromEntries(
      numbers(count).map((at) => [
        at === 0 ? 'stack.yaml' : `part${at}.yaml`,
        `services: { s: { image: x${at + 1 < count ? `, extends: { file: part${at + 1}.yaml, service: s }` : ''} } }`,
      ]),
    ),
  'documents of one file': (count) => stack(lines(count, (at) => `---\nservices: { s${at}: { image: x } }\n`)),
  'merge keys of one anchor': (count) =>
    stack(
      `x-base: &base { image: x, environment: { A: 1 } }\nservices:\n${lines(count, (at) => `  s${at}: { <<: *base }\n`)}`,
    ),
  anchors: (count) =>
    stack(
      `x-all:\n${lines(count, (at) => `  e${at}: &e${at} { A: ${at} }\n`)}services:\n${lines(count, (at) => `  s${at}: { image: x, environment: *e${at} }\n`)}`,
    ),
  'a list of merged mappings': (count) =>
    stack(
      `x-all:\n${lines(count, (at) => `  - &e${at} { K${at}: a }\n`)}services:\n  s:\n    image: x\n    environment:\n      <<: [${lines(count, (at) => `*e${at}, `)}]\n`,
    ),
  ports: (count) =>
    one(
      'ports',
      lines(count, (at) => `      - "${at + 1}:${at + 1}"\n`),
    ),
  'ports that clash': (count) =>
    stack(`services:\n${lines(count, (at) => `  s${at}: { image: x, ports: ["127.0.0.${at % 200}:80:80"] }\n`)}`),
  'ranges of ports': (count) => one('ports', `      - "1-${count * 10}:1-${count * 10}"\n`),
  'ranges to choose from': (count) =>
    stack(`services:\n${lines(count, (at) => `  s${at}: { image: x, ports: ["1-60000:80", "${at + 1}:81"] }\n`)}`),
  environment: (count) =>
    one(
      'environment',
      lines(count, (at) => `      - V${at}=value ${at}\n`),
    ),
  'environment from a file': (count) => ({
    'many.env': lines(count, (at) => `V${at}="value \${W${at}:-x}"\n`),
    'stack.yaml': 'services: { a: { image: x, env_file: many.env } }',
  }),
  'variables in one value': (count) => one('command', `      - ${lines(count, (at) => `\${A${at}:-b}`)}\n`),
  'words of a command': (count) =>
    stack(`services: { a: { image: x, command: "${lines(count, (at) => `word${at} `)}" } }`),
  volumes: (count) =>
    stack(
      `services:\n  a:\n    image: x\n    volumes:\n${lines(count, (at) => `      - v${at}:/d${at}\n`)}volumes:\n${lines(count, (at) => `  v${at}:\n`)}`,
    ),
  'a list in brackets': (count) => one('command', `      [${lines(count, (at) => `"${at}", `)}]\n`),
  'values of nothing': (count) =>
    one(
      'environment',
      lines(count, (at) => `      V${at}: # nothing\n`),
    ),
  'lines of a block': (count) =>
    stack(`services: { a: { image: x } }\nx-a: |\n${lines(count, () => '  a line of text\n')}`),
  'one long word': (count) => stack('a'.repeat(count * 100)),
  'a value that is one long word': (count) => one('environment', `      - A=${'a'.repeat(count * 100)}\n`),
  'unknown keys': (count) =>
    one(
      'deploy',
      lines(count, (at) => `      k${at}: 1\n`),
    ),
  'unknown services': (count) =>
    stack(`services:\n${lines(count, (at) => `  s${at}: { image: x, depends_on: [unknown${at}] }\n`)}`),
  'services without an image': (count) => stack(`services:\n${lines(count, (at) => `  s${at}: { command: a }\n`)}`),
  'keys that are there twice': (count) =>
    stack(`services:\n  a:\n    image: x\n${lines(count, () => '    image: x\n')}`),
  'unset variables': (count) =>
    one(
      'environment',
      lines(count, (at) => `      - V${at}=\${UNSET${at}}\n`),
    ),
}
