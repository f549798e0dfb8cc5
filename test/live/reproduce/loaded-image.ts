import { createHash } from 'node:crypto'
import * as assert from 'uvu/assert'
import { padding, tarEnd, tarHeader } from '../../../src/archive/tar.ts'
import type { Engine } from '../../../src/docker/port.ts'
import { contentId, contentOfConfigFile } from '../../../src/lockfile/content-id.ts'

/** With every field that counts, some of them empty in a way that engines do not keep. */
const DECLARED = {
  User: '1000',
  ExposedPorts: { '53/udp': {}, '80/tcp': {} },
  Env: ['PATH=/bin', 'B=two words'],
  Cmd: ['-c', 'sleep 1'],
  Healthcheck: { Test: ['CMD-SHELL', 'true'], Interval: 5e9, Retries: 2 },
  Volumes: { '/data': {} },
  WorkingDir: '/w',
  Entrypoint: ['sh'],
  OnBuild: ['RUN true'],
  Labels: { x: 'y', z: '' },
  StopSignal: 'SIGINT',
  Shell: ['/bin/sh', '-ec'],
}

/**
 * Loads two images whose configuration files are known here, and checks that what the engine reports of them has the content id of the
 * files: then it is the same on every engine.
 */
export async function checkContentIds(engine: Engine, project: string): Promise<void> {
  for (const config of [DECLARED, { Image: 'sha256:0', Hostname: 'x', Cmd: null, Env: [] }]) {
    const name = `flotilla-test-content:${project}`
    const { archive, file } = imageArchive(name, config)
    try {
      await engine.loadImages(once(archive), { signal: AbortSignal.timeout(60_000) })
      const image = await engine.inspectImage(name)
      const content = contentOfConfigFile(file)
      assert.is(image && contentId(image), content && contentId(content))
    } finally {
      await engine.removeImage(name)
    }
  }
}

function imageArchive(name: string, config: object) {
  const layer = Buffer.concat([...member('a', Buffer.from(name)), tarEnd()])
  const diffIds = [`sha256:${createHash('sha256').update(layer).digest('hex')}`]
  const created = '2026-12-01T04:26:59.1200Z'
  const file = { os: 'linux', architecture: 'amd64', created, config, rootfs: { type: 'layers', diff_ids: diffIds } }
  const text = Buffer.from(JSON.stringify({ ...file, history: [{ created }] }))
  const path = `${createHash('sha256').update(text).digest('hex')}.json`
  const manifest = [{ Config: path, RepoTags: [name], Layers: ['layer.tar'] }]
  const members = { [path]: text, 'layer.tar': layer, 'manifest.json': Buffer.from(JSON.stringify(manifest)) }
  const parts = Object.entries(members).flatMap(([at, bytes]) => member(at, bytes))
  return { archive: Buffer.concat([...parts, tarEnd()]), file }
}

function member(path: string, content: Buffer): Buffer[] {
  return [tarHeader({ path, type: 'file', mode: 0o644, size: content.length }), content, padding(content.length)]
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
