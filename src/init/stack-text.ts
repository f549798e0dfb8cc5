import { inlineOf } from '../yaml/scalar-text.ts'
import { connectionsOf, targetsOf } from './connections.ts'
import { hostPorts } from './ports.ts'
import type { Health, Mount, Template } from './template.ts'

interface Written {
  /** The stack's name. */
  name: string
  templates: readonly Template[]
  /** The words that bring the stack up: `flotilla -f lab.yaml`. */
  program: string
}

/** The text of a stack file, with comments that explain it. */
export function stackText({ name, templates, program }: Written): string {
  const shared: Shared = { all: templates, ports: hostPorts(templates), explained: new Set() }
  const services = templates.map((template) => serviceLines(template, shared).map(indented).join('\n'))
  const volumes = templates.flatMap(({ mounts = [] }) => mounts.flatMap(volumeIn))
  return [
    `${headLines(program).map(comment).join('\n')}\nname: ${inlineOf(name)}`,
    'services:',
    ...services,
    ...(volumes.length > 0 ? [volumeLines(volumes, program).join('\n')] : []),
  ]
    .join('\n\n')
    .concat('\n')
}

interface Shared {
  all: readonly Template[]
  ports: ReadonlyMap<string, number>
  /** Comments that have been written: each is written once. */
  explained: Set<string>
}

function headLines(program: string): string[] {
  const rows = [
    ['up -d --wait', 'bring it up'],
    ['endpoints', 'where it can be reached; with --show-secrets, the passwords too'],
    ['down', 'take it down; `down -v` deletes the data as well'],
  ] as const
  return [
    `Written by ${program} init, for you to change.`,
    '',
    ...rows.map(([words, does]) => `    ${program} ${words.padEnd(12)}   ${does}`),
    '',
    'Values written ${LIKE_THIS} come from the file .env, which holds the passwords: keep it out of git.',
  ]
}

function volumeLines(volumes: readonly string[], program: string): string[] {
  return [
    comment(`Named volumes outlive the containers: \`${program} down\` keeps them, \`down -v\` deletes them.`),
    'volumes:',
    ...volumes.map((volume) => `  ${volume}:`),
  ]
}

function serviceLines(template: Template, shared: Shared): string[] {
  const { name, summary, image, notes = [], user, command, settings = [] } = template
  const targets = targetsOf(template, shared.all)
  return [
    `${name}:`,
    ...[
      comment(`${summary}.`),
      ...notes.map(comment),
      `image: ${inlineOf(image)}`,
      ...(user === undefined
        ? []
        : [comment('The image needs it to run as the owner of the folder below.'), `user: ${user}`]),
      ...(command ? [`command: ${words(command)}`] : []),
      ...dependencyLines(targets, shared),
      ...environmentLines(template, targets, shared),
      ...mountLines(template.mounts ?? []),
      ...portLines(template, shared),
      ...healthLines(template.health),
      ...settings,
      'restart: unless-stopped',
    ].map(indented),
  ]
}

function dependencyLines(targets: readonly Template[], shared: Shared): string[] {
  if (targets.length === 0) return []
  return [
    ...once(shared, 'Starts when these can be used, not merely when they run.'),
    'depends_on:',
    ...targets.flatMap(({ name }) => [`  ${name}:`, '    condition: service_healthy']),
  ]
}

function environmentLines(template: Template, targets: readonly Template[], shared: Shared): string[] {
  const own = entryLines(template.environment ?? {})
  const connections = entryLines(connectionsOf(template, targets))
  if (own.length + connections.length === 0) return []
  const drivers = targets.length > 0 ? (template.drivers?.(targets) ?? []) : []
  const about = connections.length > 0 ? once(shared, 'The other services, by their names.') : []
  return ['environment:', ...[...own, ...about, ...drivers.map(comment), ...connections].map(indented)]
}

function entryLines(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `${name}: ${inlineOf(value)}`)
}

function mountLines(mounts: readonly Mount[]): string[] {
  if (mounts.length === 0) return []
  return ['volumes:', ...mounts.flatMap(mountOf).map(indented)]
}

function mountOf(mount: Mount): string[] {
  if ('volume' in mount) return [`- ${mount.volume}:${mount.at}`]
  return [comment(mount.why), `- ./${mount.folder}:${mount.at}${mount.readOnly ? ':ro' : ''}`]
}

function volumeIn(mount: Mount): string[] {
  return 'volume' in mount ? [mount.volume] : []
}

function portLines({ ports }: Template, shared: Shared): string[] {
  const published = ports.map(({ variable, container }) => {
    return `- "127.0.0.1:\${${variable}:-${shared.ports.get(variable)}}:${container}"`
  })
  const about = once(shared, 'On the loopback address: reachable from this machine only.')
  return ['ports:', ...[...about, ...published].map(indented)]
}

function healthLines({ why, test, start }: Health): string[] {
  const all = typeof test === 'string' ? ['CMD-SHELL', test] : ['CMD', ...test]
  return [
    'healthcheck:',
    ...[
      ...why.map(comment),
      `test: ${words(all)}`,
      'interval: 10s',
      'timeout: 10s',
      'retries: 5',
      `start_period: ${start}`,
    ].map(indented),
  ]
}

/** A sequence on one line: JSON is YAML. */
function words(list: readonly string[]): string {
  return `[${list.map((each) => JSON.stringify(each)).join(', ')}]`
}

function once({ explained }: Shared, text: string): string[] {
  if (explained.has(text)) return []
  explained.add(text)
  return [comment(text)]
}

function comment(text: string): string {
  return `# ${text}`.trimEnd()
}

function indented(line: string): string {
  return `  ${line}`
}
