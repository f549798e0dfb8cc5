import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { declaredFields, networkFields } from '../../src/backend/docker/fields.ts'
import { unwrap } from '../../src/diagnostics/checked.ts'
import { memoryDisk } from '../../src/load/file/memory-disk.ts'
import { load } from '../../src/load/load.ts'
import { changedSince, fingerprint } from '../../src/plan/fingerprint.ts'

/**
 * Labels as earlier versions of flotilla wrote them, kept for good: an upgrade alone must recreate nothing. A new version adds a file of
 * its own (UPDATE=1 writes one that is not there yet); none is ever written anew.
 */
const file = join(import.meta.dirname ?? '', '../golden/labels/0.1.json')

const STACK = `
name: kept
services:
  web:
    image: nginx:1.27
    command: ["nginx", "-g", "daemon off;"]
    environment: { REV: "1", PASSWORD: hunter22 }
    ports: ["127.0.0.1:8080:80", "9000-9002:9000-9002/udp"]
    volumes: ["data:/data", "./conf:/etc/nginx:ro", "/cache"]
    networks: { default: {}, back: { aliases: [www] } }
    healthcheck: { test: curl -f localhost, interval: 90s, retries: 4 }
    depends_on: [db]
    labels: [a=b, c=d]
    restart: on-failure:3
    deploy: { resources: { limits: { cpus: "0.5", memory: 64m } } }
    secrets: [token]
    cap_add: [SYS_NICE]
    ulimits: { nofile: { soft: 10, hard: 20 }, nproc: 5 }
    extra_hosts: ["a:10.0.0.1"]
    tmpfs: /run
    user: "1000"
    stop_grace_period: 30s
  db:
    image: postgres:17
    environment: [POSTGRES_PASSWORD=x]
networks:
  back: { driver: bridge, internal: true, ipam: { config: [{ subnet: 10.7.0.0/16 }] } }
volumes: { data: {} }
secrets: { token: { file: ./token } }
`

const input = { files: ['/kept/stack.yaml'], profiles: [], envFiles: [], environment: {}, workingDirectory: '/kept' }
const { stack } = unwrap(load(input, memoryDisk({ '/kept/stack.yaml': STACK, '/kept/token': 'secret' })))
const fields: Record<string, Record<string, unknown>> = {
  web: declaredFields(stack, 'web'),
  db: declaredFields(stack, 'db'),
  'network back': networkFields(stack.networks.back ?? { name: '' }),
}

test('labels that earlier versions recorded still equal the declaration', () => {
  if (process.env.UPDATE && !existsSync(file)) {
    const labels = Object.entries(fields).map(([name, each]) => [name, fingerprint(each, `kept-${name}`)])
    writeFileSync(file, `${JSON.stringify(Object.fromEntries(labels), null, 2)}\n`)
  }
  const kept: Record<string, string> = JSON.parse(readFileSync(file, 'utf8'))
  assert.equal(Object.keys(kept).sort(), Object.keys(fields).sort())
  for (const [name, label] of Object.entries(kept)) assert.equal(changedSince(label, fields[name] ?? {}), [], name)
})

test.run()
