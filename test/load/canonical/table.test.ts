import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../../src/diagnostics/checked.ts'
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts'
import { withoutMarks } from '../../../src/diagnostics/foreign.ts'
import { CANONICAL } from '../../../src/load/canonical/table.ts'
import { rewrite } from '../../../src/load/tree/rewrite.ts'
import { parseYaml } from '../../../src/yaml/parse.ts'
import { toData } from '../../../src/yaml/tree.ts'

/** Attributes of a service in short form, and what they become. What `docker compose` prints is held by the corpus. */
const FORMS: [written: string, canonical: unknown][] = [
  ['ports: ["80"]', { ports: [{ mode: 'ingress', target: 80, protocol: 'tcp' }] }],
  [
    'ports: ["[::1]:83:83"]',
    { ports: [{ mode: 'ingress', host_ip: '::1', target: 83, published: '83', protocol: 'tcp' }] },
  ],
  ['ports: ["0:80"]', { ports: [{ mode: 'ingress', target: 80, published: '0', protocol: 'tcp' }] }],
  [
    'ports: ["8000-8001:80-81/UDP"]',
    {
      ports: [
        { mode: 'ingress', target: 80, published: '8000', protocol: 'udp' },
        { mode: 'ingress', target: 81, published: '8001', protocol: 'udp' },
      ],
    },
  ],
  ['ports: !override ["80"]', { ports: [{ mode: 'ingress', target: 80, protocol: 'tcp' }] }],
  [
    'volumes: ["C:\\\\data:/d:ro"]',
    {
      volumes: [{ type: 'bind', source: 'C:\\data', target: '/d', read_only: true, bind: { create_host_path: true } }],
    },
  ],
  [
    'volumes: ["C:/data:/d"]',
    { volumes: [{ type: 'bind', source: 'C:/data', target: '/d', bind: { create_host_path: true } }] },
  ],
  ['volumes: ["v:/d"]', { volumes: [{ type: 'volume', source: 'v', target: '/d', volume: {} }] }],
  [
    'volumes: ["v:/d:z"]',
    { volumes: [{ type: 'volume', source: 'v', target: '/d', bind: { selinux: 'z' }, volume: {} }] },
  ],
  ['environment: [A=1, B, "C="]', { environment: { A: '1', B: null, C: '' } }],
  ['labels: [a]', { labels: { a: '' } }],
  ['command: "a \'b c\'"', { command: ['a', 'b c'] }],
  ['command: null', { command: null }],
  ['depends_on: [db]', { depends_on: { db: { condition: 'service_started', required: true } } }],
  [
    'depends_on: {db: {condition: service_healthy}}',
    { depends_on: { db: { condition: 'service_healthy', required: true } } },
  ],
  ['networks: [front]', { networks: { front: null } }],
  ['build: ./app', { build: { context: './app' } }],
  ['extends: base', { extends: { service: 'base' } }],
  ['env_file: a.env', { env_file: [{ path: 'a.env' }] }],
  ['secrets: [pw]', { secrets: [{ source: 'pw', target: '/run/secrets/pw' }] }],
  ['secrets: [{source: pw, mode: 0400}]', { secrets: [{ source: 'pw', mode: '0400', target: '/run/secrets/pw' }] }],
  ['secrets: [{source: pw, mode: "444"}]', { secrets: [{ source: 'pw', mode: '0444', target: '/run/secrets/pw' }] }],
  ['configs: [{source: c, mode: 288}]', { configs: [{ source: 'c', mode: '0440' }] }],
  ['healthcheck: {test: curl x, interval: 90s}', { healthcheck: { test: ['CMD-SHELL', 'curl x'], interval: '1m30s' } }],
  ['extra_hosts: ["a:1.1.1.1", "b=[::1]"]', { extra_hosts: ['a=1.1.1.1', 'b=::1'] }],
  ['extra_hosts: {a: [1.1.1.1, 2.2.2.2]}', { extra_hosts: ['a=1.1.1.1', 'a=2.2.2.2'] }],
  [
    'devices: ["/dev/a:/dev/b:r", "vendor.com/gpu=all"]',
    {
      devices: [
        { source: '/dev/a', target: '/dev/b', permissions: 'r' },
        { source: 'vendor.com/gpu=all', target: 'vendor.com/gpu=all', permissions: 'rwm' },
      ],
    },
  ],
  ['gpus: all', { gpus: [{ count: -1 }] }],
  ['ulimits: {nofile: {soft: 1, hard: 2}, nproc: 3}', { ulimits: { nofile: { soft: 1, hard: 2 }, nproc: 3 } }],
  ['mem_limit: 64m', { mem_limit: '67108864' }],
  ['memswap_limit: -1', { memswap_limit: '-1' }],
  ['cpu_period: 50ms', { cpu_period: '50000' }],
  ['cpus: "0.5"', { cpus: 0.5 }],
  ['dns: 8.8.8.8', { dns: ['8.8.8.8'] }],
  ['expose: [80, "81/udp"]', { expose: ['80', '81/udp'] }],
  ['restart: no', { restart: 'no' }],
  ['pull_policy: if_not_present', { pull_policy: 'missing' }],
  ['logging: {options: {max-file: 3}}', { logging: { options: { 'max-file': '3' } } }],
  ['x-own: {ports: ["80"]}', { 'x-own': { ports: ['80'] } }],
]

for (const [written, canonical] of FORMS) {
  test(`${written} in canonical form`, () => {
    const { service, problems } = canonicalService(written)
    assert.equal(problems, [])
    assert.equal(service, canonical)
  })
}

/** Values that cannot be read: the columns at which their problems stand, and words that the hints name. */
const MALFORMED: [written: string, columns: number[], hint: RegExp][] = [
  ['ports: ["99999:80"]', [9], /1 to 65535/],
  ['ports: ["80", "x:80", "81", "80:0"]', [15, 29], /range|1 to 65535/],
  ['ports: [":"]', [9], /HOST:CONTAINER/],
  ['ports: ["host:80:80"]', [9], /127\.0\.0\.1/],
  ['ports: ["::1:80:80"]', [9], /\[::1\]:80:80/],
  ['ports: ["90-80:80"]', [9], /80-90/],
  ['ports: ["80/http"]', [9], /tcp, udp, sctp/],
  ['volumes: ["a::/b"]', [11], /PATH:TARGET/],
  ['volumes: ["a:/b:strange"]', [11], /known options/],
  ['environment: ["=x"]', [15], /NAME=value/],
  ['command: echo "x', [10], /close it/],
  ['entrypoint: sh -c x | y', [13], /"sh", "-c"/],
  ['healthcheck: {test: [curl, x]}', [22], /CMD/],
  ['healthcheck: {interval: 5}', [25], /5s/],
  ['stop_grace_period: soon', [20], /10s/],
  ['mem_limit: lots', [12], /512m/],
  ['secrets: [{source: a, mode: "9"}]', [29], /0440/],
  ['extra_hosts: [nowhere]', [15], /NAME=ADDRESS/],
  ['devices: ["a:b:c:d"]', [11], /HOST:CONTAINER/],
  ['restart: sometimes', [10], /unless-stopped/],
  ['pull_policy: sometimes', [14], /always/],
]

for (const [written, columns, hint] of MALFORMED) {
  test(`${written} is reported where it stands`, () => {
    const { problems } = canonicalService(written)
    assert.equal(
      problems.map(({ at }) => (at?.col ?? 0) - INDENT),
      columns,
    )
    for (const problem of problems) assert.match(withoutMarks(problem.hint ?? ''), hint)
    assert.equal([...new Set(problems.map(({ code }) => code))], ['invalid-value'])
  })
}

const INDENT = 2

function canonicalService(written: string): { service: unknown; problems: Diagnostic[] } {
  const problems: Diagnostic[] = []
  const tree = unwrap(parseYaml(`services:\n a:\n  ${written}\n`, 'stack.yaml'))
  const canonical = rewrite(tree, CANONICAL, (problem) => problems.push(problem))
  const data = canonical && (toData(canonical) as { services: { a: unknown } })
  return { service: data?.services.a, problems }
}

test.run()
