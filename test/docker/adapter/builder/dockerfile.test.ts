import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pickBuilder } from '../../../../src/docker/adapter/builder/choose-builder.ts'
import { needsBuildKit, withContexts } from '../../../../src/docker/adapter/builder/dockerfile.ts'
import { isRemote } from '../../../../src/docker/adapter/builder/remote.ts'
import type { BuildSpec } from '../../../../src/docker/port.ts'

test('named contexts are stages before the first, and everything that names them names those', () => {
  const text = [
    'ARG X=1',
    'FROM base AS build',
    'COPY --from=files --chown=1:1 a b',
    'RUN --mount=type=bind,from=files,target=/x ls',
    'FROM --platform=linux/amd64 base',
    'COPY --from=base-two c d',
  ]
  const expected = [
    'ARG X=1',
    'FROM image:1 AS flotilla-context-0',
    'FROM image:2 AS flotilla-context-1',
    'FROM flotilla-context-0 AS build',
    'COPY --from=flotilla-context-1 --chown=1:1 a b',
    'RUN --mount=type=bind,from=flotilla-context-1,target=/x ls',
    'FROM --platform=linux/amd64 flotilla-context-0',
    'COPY --from=base-two c d',
  ]
  assert.is(withContexts(text.join('\n'), { base: 'image:1', files: 'image:2' }), expected.join('\n'))
  assert.is(withContexts('FROM a', {}), 'FROM a')
  assert.is(
    withContexts('FROM docker.io/lib/a:1', { 'docker.io/lib/a:1': 'x' }),
    'FROM x AS flotilla-context-0\nFROM flotilla-context-0',
  )
})

test('syntax that only BuildKit understands', () => {
  for (const text of [
    '# syntax=docker/dockerfile:1\nFROM a',
    'FROM a\nRUN --mount=type=cache,target=/x y',
    'FROM a\nCOPY --chmod=755 a b',
    'FROM a\nRUN <<EOF\nls\nEOF',
  ])
    assert.ok(needsBuildKit(text), text)
  for (const text of ['FROM a\nCOPY --from=b --chown=1 c d', 'FROM a\nRUN echo "--mount"', 'FROM a\nRUN cat << 1'])
    assert.not(needsBuildKit(text), text)
})

const PLAIN: BuildSpec = {
  context: '/c',
  dockerfile: 'Dockerfile',
  tags: [],
  args: {},
  labels: {},
  cacheFrom: [],
  extraHosts: [],
  noCache: false,
  pull: false,
}

function picked(spec: Partial<BuildSpec>, { text = 'FROM a', buildkit = true, api = 141 } = {}): [string, string[]] {
  const ignored: string[] = []
  const options = {
    signal: new AbortController().signal,
    onProgress() {},
    onOutput() {},
    onIgnored: (what: string) => void ignored.push(what),
  }
  return [pickBuilder({ ...PLAIN, ...spec }, text, { buildkit, api }, options), ignored]
}

test('the builder that does all that is asked is picked; what neither does is reported', () => {
  const secrets = [{ id: 's', content: 'secret/s' }]
  const ulimits = [{ Name: 'nofile', Soft: 1, Hard: 1 }]
  assert.equal(picked({}), ['buildkit', []])
  assert.equal(picked({}, { buildkit: false }), ['classic', []])
  assert.equal(picked({ secrets, ssh: [{ id: 'default', paths: [] }] }, { buildkit: false }), [
    'classic',
    ['secrets', 'ssh'],
  ])
  assert.equal(picked({ ulimits, shmSize: 1 }), ['classic', []])
  assert.equal(picked({ ulimits, shmSize: 1 }, { api: 144 }), ['buildkit', []])
  assert.equal(picked({ network: 'mine' }, { api: 144 }), ['classic', []])
  assert.equal(picked({ network: 'host', isolation: 'default' }), ['buildkit', []])
  assert.equal(picked({ context: 'git://x/y#main:sub' }), ['classic', []])
  assert.equal(picked({ context: 'git://x/y#main' }), ['buildkit', []])
  assert.equal(picked({ context: 'git://x/y#main:sub' }, { api: 144 }), ['buildkit', []])
  assert.equal(picked({ ulimits, secrets }), ['buildkit', ['ulimits']])
  assert.equal(picked({ shmSize: 1 }, { text: 'FROM a\nRUN --mount=type=ssh x' }), ['buildkit', ['shm_size']])
})

test('contexts that the engine fetches itself', () => {
  for (const each of [
    'https://x/y.git#main:sub',
    'git://x/y',
    'git@github.com:x/y.git',
    'github.com/x/y',
    'http://x/y.tar.gz',
    'ssh://git@x/y',
  ])
    assert.ok(isRemote(each), each)
  for (const each of ['/a/b', 'C:\\x', '/git@x/y']) assert.not(isRemote(each), each)
})

test.run()
