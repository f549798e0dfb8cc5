import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withoutMarks } from '../../../src/diagnostics/foreign.ts'
import { validateShape } from '../../../src/load/schema/schema.ts'
import { parseYaml } from '../../../src/yaml/parse.ts'
import { get, type MapNode, type Path, type Tree, toData } from '../../../src/yaml/tree.ts'

interface Schema {
  description?: string
  $ref?: string
  type?: string | string[]
  properties?: Record<string, Schema>
  patternProperties?: Record<string, unknown>
  additionalProperties?: boolean | Schema
  items?: Schema
  $defs?: Record<string, Schema>
}

const SCHEMA = JSON.parse(readFileSync('schemas/stack.schema.json', 'utf8')) as Schema

function parse(text: string): MapNode {
  const result = parseYaml(text, 'f.yaml')
  if (!result.ok || result.value.kind !== 'map') throw new Error(JSON.stringify(result))
  return result.value
}

/** A service with these lines, its problems, and what is left of it. */
function service(lines: string): { problems: string[]; hints: string; left: unknown } {
  const text = `services:\n  web:\n${lines.replace(/^/gm, '    ')}\n`
  const { tree, diagnostics } = validateShape(parse(text))
  const problems = diagnostics.map(({ code, at }) => `${code} ${(at?.line ?? 0) - 2}:${(at?.col ?? 0) - 4}`)
  return {
    problems,
    hints: diagnostics.map(({ hint }) => withoutMarks(hint ?? '')).join('\n'),
    left: toData(get(get(tree, 'services'), 'web') as Tree),
  }
}

// Appendix of the Compose Specification: every attribute of a service, and of what stands below it.
const ATTRIBUTES: Record<string, string> = {
  service:
    'annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file environment expose extends external_links extra_hosts gpus group_add healthcheck hostname image init ipc isolation label_file labels links logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit models network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_start pre_stop privileged profiles provider pull_policy pull_refresh_after read_only restart runtime scale secrets security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts volumes volumes_from working_dir',
  build:
    'additional_contexts args cache_from cache_to context dockerfile dockerfile_inline entitlements extra_hosts isolation labels network no_cache no_cache_filter platforms privileged provenance pull sbom secrets shm_size ssh tags target ulimits',
  healthcheck: 'disable interval retries start_interval start_period test timeout',
  hook: 'command environment privileged user working_dir',
  deploy: 'endpoint_mode labels mode placement replicas resources restart_policy rollback_config update_config',
  mount: 'bind consistency image read_only source target tmpfs type volume',
  network: 'attachable driver driver_opts enable_ipv4 enable_ipv6 external internal ipam labels name',
  volume: 'driver driver_opts external labels name',
  config: 'content environment external file labels name template_driver',
  secret: 'driver driver_opts environment external file labels name template_driver',
  model: 'context_size model name runtime_flags',
}

test('the schema knows every attribute of the specification, and no others', () => {
  assert.equal(
    Object.keys(SCHEMA.properties ?? {}).sort(),
    'configs include models name networks secrets services version volumes'.split(' '),
  )
  for (const [name, keys] of Object.entries(ATTRIBUTES)) {
    assert.equal(Object.keys(SCHEMA.$defs?.[name]?.properties ?? {}).sort(), keys.split(' '), name)
  }
})

function* propertiesOf(schema: unknown, path: string): Generator<[string, Schema]> {
  if (schema === null || typeof schema !== 'object') return
  for (const [key, child] of Object.entries(schema)) {
    if (key === 'properties')
      for (const [name, property] of Object.entries(child as Record<string, Schema>))
        yield [`${path}.${name}`, property]
    yield* propertiesOf(child, `${path}.${key}`)
  }
}

test('every property says what it is for, in a sentence', () => {
  const all = [...propertiesOf(SCHEMA, '')]
  assert.ok(all.length > 250)
  for (const [path, { description }] of all) assert.match(description ?? '', /^\S.{10,}\.$/, path)
})

test('an editor accepts variables wherever they may stand', () => {
  const { $schema: _, ...schema } = SCHEMA as Record<string, unknown>
  const validate = new Ajv({ strict: false }).compile(schema)
  const text =
    'services:\n  a: {image: $I, tty: "${T:-true}", scale: $N, cpu_percent: $P, cpus: $C, ports: ["${P}:80"], healthcheck: {retries: $R}}\nvolumes: {v: {external: $E}}\n'
  assert.ok(validate(toData(parse(text.replaceAll('$I', '"$I"')))), JSON.stringify(validate.errors))
  assert.not.ok(validate({ services: { a: { tty: 'maybe' } } }))
})

const FULL = `
version: "3.8"
name: lab
include: [other.yaml, {path: [a.yaml, b.yaml], env_file: .env, project_directory: .}]
x-common: &common {anything: [goes, {here: 1}]}
services:
  short:
    build: .
    command: echo hi
    entrypoint: [/bin/sh, -c]
    env_file: .env
    environment: [A=1, B]
    depends_on: [long]
    networks: [front]
    ports: ["8080:80", 9000, "127.0.0.1:1-2:3-4/udp"]
    volumes: [data:/data, "./a:/b:ro"]
    configs: [c]
    secrets: [s]
    labels: [a=b]
    extra_hosts: ["h=1.2.3.4"]
    dns: 1.1.1.1
    tmpfs: /run
    extends: long
    devices: ["/dev/null"]
    gpus: all
    ulimits: {nofile: 5}
    healthcheck: {test: "true", retries: 3}
    expose: [80, "90-91"]
    group_add: [5, staff]
    sysctls: [a=1]
    cpus: 1.5
    mem_limit: 512m
    shm_size: 64000000
    models: [m]
    x-own: true
  long:
    image: x
    build: {context: ., args: {A: 1, B: null}, ssh: [default], ulimits: {nproc: {soft: 1, hard: 2}}, x-y: 1}
    command: null
    env_file: [{path: a.env, required: false, format: raw}, b.env]
    environment: {A: 1, B: true, C: null, D: x, E: 1.5}
    depends_on: {short: {condition: service_healthy, restart: true, required: false, x-y: 1}}
    networks: {front: {aliases: [a], ipv4_address: 1.2.3.4, priority: 1, driver_opts: {a: 1}}, back: null}
    ports: [{target: 80, published: "8080", protocol: tcp, mode: host, host_ip: 1.2.3.4, name: n, app_protocol: http}]
    volumes:
      - {type: bind, source: ., target: /a, read_only: true, bind: {create_host_path: false, propagation: rslave, selinux: z, recursive: enabled}}
      - {type: volume, target: /b, volume: {nocopy: true, subpath: x, labels: {a: b}}}
      - {type: tmpfs, target: /c, tmpfs: {size: 64m, mode: 0700}}
      - {type: image, source: i, target: /d, image: {subpath: x}}
    configs: [{source: c, target: /c, uid: "0", gid: "0", mode: 0440}]
    extra_hosts: {h: 1.2.3.4, i: [1.2.3.4, "::1"]}
    dns: [1.1.1.1]
    extends: {service: short, file: f.yaml}
    devices: [{source: /dev/null, target: /dev/x, permissions: rw}]
    gpus: [{driver: nvidia, count: all, capabilities: [gpu]}]
    healthcheck: {test: [CMD, x], interval: 1s, timeout: 2s, start_period: 3s, start_interval: 4s, disable: false}
    deploy: {replicas: 2, labels: {a: b}, resources: {limits: {cpus: 0.5, memory: 1g, pids: 5}, reservations: {devices: [{driver: d, count: 1, capabilities: [gpu]}]}}, update_config: {order: start-first, parallelism: 1, max_failure_ratio: 0.5}, placement: {constraints: [a==b], preferences: [{spread: x}]}}
    develop: {watch: [{path: ., action: sync, target: /x, ignore: [a], initial_sync: true}]}
    post_start: [{command: x, user: root}]
    pre_start: [{command: [x], image: y}]
    provider: {type: p, options: {a: [1, x], b: true}}
    logging: {driver: local, options: {max-size: 1, max-file: "3"}}
    blkio_config: {weight: 10, device_read_bps: [{path: /dev/sda, rate: 1mb}]}
    credential_spec: {file: x}
    storage_opt: {size: 1G}
    models: {m: {endpoint_var: E}, n: null}
    pull_policy: every_12h
    init: true
networks: {front: null, back: {driver: bridge, external: true, ipam: {config: [{subnet: 1.2.3.0/24, aux_addresses: {a: 1.2.3.4}}]}}, x: {external: {name: y}}}
volumes: {data: null, v: {driver_opts: {o: 1}, labels: [a=b]}}
secrets: {s: {file: f}, t: {environment: T}, u: {external: true, name: v}}
configs: {c: {content: "x\\n"}, d: {file: f}}
models: {m: {model: x, context_size: 5, runtime_flags: [a]}, n: {model: y}}
`

test('every syntax of the specification passes, and nothing of it is changed', () => {
  const tree = parse(FULL)
  const result = validateShape(tree)
  assert.equal(result.diagnostics, [])
  assert.equal(toData(result.tree), toData(tree))
})

const unknown: [string, string, RegExp][] = [
  ['enviroment: {}', '1:1', /"environment"/],
  ['image: x\nprots: []', '2:1', /"ports"/],
  ['depend_on: [a]', '1:1', /"depends_on"/],
  ['ressources: {}', '1:1', /`resources` under `deploy`/],
  ['replicas: 2', '1:1', /under `deploy`/],
  ['context: .', '1:1', /under `build`/],
  ['interval: 5s', '1:1', /under `healthcheck`/],
  ['services: {}', '1:1', /top level/],
  ['build:\n  image: x', '2:3', /like `build`/],
  ['healthcheck:\n  intervall: 5s', '2:3', /"interval"/],
  ['ports:\n  - "8080": 80', '2:5', /without a space/],
  ['volumes: [{tpye: bind}]', '1:12', /"type"/],
  ['password: x', '1:1', /x-/],
]

test('unknown keys are reported at the key, with a suggestion', () => {
  for (const [lines, place, hint] of unknown) {
    const { problems, hints } = service(lines)
    assert.equal(problems, [`unknown-key ${place}`], lines)
    assert.match(hints, hint, lines)
  }
})

test('unknown keys at the top level know where they belong', () => {
  const { diagnostics } = validateShape(parse('ports: []\nvolume: {}\nservice: {}\nx-mine: 1\n'))
  assert.equal(
    diagnostics.map(({ code, at }) => `${code} ${at?.line}:${at?.col}`),
    ['unknown-key 1:1', 'unknown-key 2:1', 'unknown-key 3:1'],
  )
  assert.match(diagnostics[0]?.hint ?? '', 'belongs to a service')
})

const wrong: [string, string, RegExp][] = [
  ['image: 5', '1:8', /in quotes: "5"/],
  ['user: 0755', '1:7', /in quotes: "0755"/],
  ['ports: "8080:80"', '1:8', /`- "8080:80"`/],
  ['ports: 8080', '1:8', /- "8080:80"/],
  ['ports:', '1:1', /- "8080:80"/],
  ['ports: {a: 1}', '1:8', /- "8080:80"/],
  ['cap_add: NET_ADMIN', '1:10', /`- NET_ADMIN`/],
  ['privileged: maybe', '1:13', /true or false/],
  ['privileged: 1', '1:13', /^$/],
  ['stop_grace_period: 10', '1:20', /"10s"/],
  ['command: [sleep, 10]', '1:18', /"10"/],
  ['environment:\n  - FOO: bar', '2:5', /`- FOO=value`/],
  ['command:\n  - echo: x', '2:5', /quotes/],
  ['deploy: {replicas: x}', '1:20', /^$/],
  ['hostname: {a: 1}', '1:11', /^$/],
  ['healthcheck: true', '1:14', /test:/],
  ['labels: 5', '1:9', /`name: value`/],
]

test('wrong types are reported at the value, in words of YAML, with the right form', () => {
  for (const [lines, place, hint] of wrong) {
    const { problems, hints } = service(lines)
    assert.equal(problems, [`wrong-type ${place}`], lines)
    assert.match(hints, hint, lines)
  }
})

test('a service that is not a mapping: the colon without a space, the empty one, the list', () => {
  const { tree, diagnostics } = validateShape(parse('services:\n  a: image:nginx\n  b:\n  c: [x]\nnetworks: [n]\n'))
  assert.equal(
    diagnostics.map(({ code, at }) => `${code} ${at?.line}:${at?.col}`),
    ['wrong-type 2:6', 'wrong-type 3:3', 'wrong-type 4:6', 'wrong-type 5:11'],
  )
  assert.match(withoutMarks(diagnostics[0]?.hint ?? ''), '`image: nginx`')
  assert.equal(toData(tree), { services: { a: {}, b: {}, c: {} } })
})

const invalid: [string, string][] = [
  ['depends_on: {db: {condition: healthy}}', 'invalid-value 1:30'],
  ['pull_policy: sometimes', 'invalid-value 1:14'],
  ['gpus: some', 'invalid-value 1:7'],
  ['container_name: -x', 'invalid-value 1:17'],
  ['cpu_percent: 150', 'invalid-value 1:14'],
  ['cpu_percent: "150"', 'invalid-value 1:14'],
  ['oom_score_adj: -1001', 'invalid-value 1:16'],
  ['env_file: [{format: raw}]', 'missing-key 1:12'],
  ['develop: {watch: [{path: .}]}', 'missing-key 1:19'],
  ['post_start: [{user: x}]', 'missing-key 1:14'],
]

test('malformed, out of range and missing values are reported', () => {
  for (const [lines, problem] of invalid) assert.equal(service(lines).problems, [problem], lines)
  assert.equal(service('develop: {watch: [{}]}').problems, ['missing-key 1:19', 'missing-key 1:19'])
})

test('names of services and volumes have their own alphabet', () => {
  const { tree, diagnostics } = validateShape(parse('services:\n  a b: {}\n  ok-1.x_y: {}\nvolumes: {"ä": null}\n'))
  assert.equal(
    diagnostics.map(({ code, at }) => `${code} ${at?.line}:${at?.col}`),
    ['invalid-value 2:3', 'invalid-value 4:11'],
  )
  assert.equal(toData(tree), { services: { 'ok-1.x_y': {} }, volumes: {} })
})

const casts: [string, unknown][] = [
  ['tty: "yes"', { tty: true }],
  ['tty: "Off"', { tty: false }],
  ['scale: "2"', { scale: 2 }],
  ['healthcheck: {retries: "5", disable: "TRUE"}', { healthcheck: { retries: 5, disable: true } }],
  ['deploy: {update_config: {max_failure_ratio: "0.5"}}', { deploy: { update_config: { max_failure_ratio: 0.5 } } }],
  ['ulimits: {nofile: "5", nproc: {soft: "1", hard: "2"}}', { ulimits: { nofile: 5, nproc: { soft: 1, hard: 2 } } }],
  ['volumes: [{type: bind, read_only: "true"}]', { volumes: [{ type: 'bind', read_only: true }] }],
  ['hostname: "true"', { hostname: 'true' }],
  ['environment: {A: "1"}', { environment: { A: '1' } }],
  ['cpus: "1.5"', { cpus: 1.5 }],
  ['mem_limit: "5"', { mem_limit: '5' }],
]

test('strings are cast where only another type may stand, and nowhere else', () => {
  for (const [lines, left] of casts) {
    const result = service(lines)
    assert.equal([result.problems, result.left], [[], left], lines)
  }
})

test('values that !reset removes are not checked', () => {
  assert.equal(service('ports: !reset 5\nbuild: {context: !reset []}\nfoo: !reset null').problems, [])
})

test('a problem in an aliased value is reported once, where it is written', () => {
  assert.equal(service('environment: &e {A: {b: 1}}\nlabels: *e').problems, ['wrong-type 1:21'])
})

test('secrets are not shown in messages', () => {
  const { diagnostics } = validateShape(
    parse('services: {a: {labels: {DB_PASSWORD: [hunter22]}, secrets: hunter22, ulimits: {nofile: hunter22}}}\n'),
  )
  assert.is(diagnostics.length, 3)
  const tainted = parse('services: {a: {ulimits: {nofile: hunter22}}}\n')
  const mark = (node: Tree): Tree =>
    node.kind === 'map'
      ? {
          ...node,
          entries: new Map([...node.entries].map(([key, each]) => [key, { ...each, value: mark(each.value) }])),
        }
      : { ...node, secret: true }
  const [problem] = validateShape(mark(tainted) as MapNode).diagnostics
  assert.is(problem?.code, 'wrong-type')
  assert.not.match(problem?.message ?? '', 'hunter22')
})

test('a document without its invalid parts has no problems', () => {
  const base = parse(FULL)
  const paths = [...pathsOf(base, [])]
  const junk = fc.constantFrom(
    '5',
    'true',
    'null',
    '"x y"',
    '[]',
    '{}',
    '{zzz: 1}',
    '[[1]]',
    '[{a: {b: 1}}]',
    '-1',
    '1.5',
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...paths), junk), { minLength: 1, maxLength: 4 }), (changes) => {
      const broken = changes.reduce<Tree>(
        (tree, [path, text]) => replaced(tree, path, get(parse(`x: ${text}`), 'x') as Tree),
        base,
      )
      const first = validateShape(broken as MapNode)
      const second = validateShape(first.tree)
      assert.equal(
        second.diagnostics.filter(({ at, code }) => !(code === 'missing-key' && at)),
        [],
      )
      assert.is(first.problems.length >= first.diagnostics.length, true)
      for (const { at, message } of first.diagnostics) assert.ok(at && message.length > 10)
    }),
    { numRuns: 150 },
  )
})

function* pathsOf(tree: Tree, path: Path): Generator<Path> {
  if (path.length > 0) yield path
  if (tree.kind === 'seq') for (const [index, item] of tree.items.entries()) yield* pathsOf(item, [...path, index])
  if (tree.kind === 'map') for (const [key, { value }] of tree.entries) yield* pathsOf(value, [...path, key])
}

function replaced(tree: Tree, [head, ...rest]: Path, value: Tree): Tree {
  if (head === undefined) return value
  if (tree.kind === 'seq')
    return { ...tree, items: tree.items.map((item, index) => (index === head ? replaced(item, rest, value) : item)) }
  if (tree.kind !== 'map') return tree
  const entries = [...tree.entries].map(
    ([key, each]) => [key, key === head ? { ...each, value: replaced(each.value, rest, value) } : each] as const,
  )
  return { ...tree, entries: new Map(entries) }
}

test.run()
