import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { contentId, contentOfConfigFile, type ImageContent, isContentId } from '../../src/lockfile/content-id.ts'

const LAYERS = [`sha256:${'c'.repeat(64)}`, `sha256:${'2'.repeat(64)}`]
const BASE = { os: 'linux', architecture: 'amd64', created: '2026-12-01T04:26:59.933989485Z', layers: LAYERS }
const DECLARED = {
  User: '1000',
  ExposedPorts: { '53/udp': {}, '80/tcp': {} },
  Env: ['PATH=/bin', 'A=1', 'B=two words'],
  Cmd: ['-c', 'sleep 1'],
  Healthcheck: { Test: ['CMD-SHELL', 'true'], Interval: 5e9, Timeout: 3e9, StartPeriod: 1e9, Retries: 2 },
  Volumes: { '/data': {} },
  WorkingDir: '/w',
  Entrypoint: ['sh'],
  OnBuild: ['RUN true'],
  Labels: { x: 'y', z: '' },
  StopSignal: 'SIGINT',
  Shell: ['/bin/sh', '-ec'],
}
const OF_CONTAINERS = {
  ...{ Hostname: '', Domainname: '', AttachStdin: false, AttachStdout: false, AttachStderr: false },
  ...{ Tty: false, OpenStdin: false, StdinOnce: false },
}

/** What engines report of one image from the classic builder of 20.10. */
const RECORDED: Record<string, ImageContent['config']> = {
  'API 1.41': { ...OF_CONTAINERS, ...DECLARED, Image: `sha256:${'7'.repeat(64)}` },
  'API 1.44': { ...OF_CONTAINERS, ...DECLARED, Image: '' },
  'API 1.51': backwards(DECLARED),
}

test('one image has one content id on every version of the API', () => {
  const ids = Object.values(RECORDED).map((config) => contentId({ ...BASE, config }))
  assert.is(new Set(ids).size, 1)
  assert.ok(isContentId(ids[0] ?? ''))
  assert.is(ids[0], 'content-v1:22a2cbaaa6275cec6e9efa1464838faf93f66bff1dfc28a0c223c4efd6ac650d')
})

test('empty fields count as absent, in whatever form', () => {
  const older = { ...OF_CONTAINERS, User: '', Env: ['A=1'], Cmd: null, Volumes: null, Entrypoint: [], Labels: null }
  const newer = { Env: ['A=1'], Labels: {}, Healthcheck: {} }
  assert.is(contentId({ ...BASE, variant: '', config: older }), contentId({ ...BASE, config: newer }))
  const never = { ...BASE, created: '0001-01-01T00:00:00Z', config: older }
  assert.is(contentId(never), contentId({ ...BASE, created: '', config: newer }))
  assert.is(contentId({ ...BASE, config: { Cmd: 'sh' } }), contentId({ ...BASE, config: { Cmd: ['sh'] } }))
})

test('a configuration file has the content id of the image that an engine makes of it', () => {
  const { layers, created, ...rest } = BASE
  const file = { ...rest, created: '2026-12-01T04:26:59.9339894850Z', config: DECLARED, rootfs: { diff_ids: layers } }
  const content = contentOfConfigFile(file)
  assert.is(content && contentId(content), contentId({ ...BASE, config: DECLARED }))
})

test('every part of an image counts', () => {
  const image = { ...BASE, variant: 'v8', config: DECLARED }
  const changed: ImageContent[] = [
    { ...image, os: 'windows' },
    { ...image, architecture: 'arm64' },
    { ...image, variant: 'v7' },
    { ...image, created: '2026-12-01T04:26:59.933989486Z' },
    { ...image, layers: [...LAYERS].reverse() },
    ...Object.keys(DECLARED).map((key) => ({ ...image, config: { ...DECLARED, [key]: ['other'] } })),
    { ...image, config: { ...DECLARED, Env: [...DECLARED.Env].reverse() } },
    { ...image, config: { ...DECLARED, Labels: { x: 'y' } } },
  ]
  assert.is(new Set([image, ...changed].map(contentId)).size, changed.length + 1)
})

test('what is no configuration of an image is not taken for one', () => {
  const wrong = [null, [], 'x', {}, { rootfs: {} }, { os: 'linux', architecture: 'amd64', rootfs: { diff_ids: [1] } }]
  for (const file of wrong) assert.is(contentOfConfigFile(file), undefined)
})

function backwards(config: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).reverse())
}

test.run()
