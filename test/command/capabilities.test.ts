import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Reader } from '../../src/backend/reader.ts'
import { openBackend, openReader } from '../../src/backend/registry.ts'
import { withLab } from './support.ts'

const FILES = {
  'stack.yaml': 'name: shop\nservices: { web: { image: "web:1", volumes: ["data:/data"] } }\nvolumes: { data: }\n',
}

/** Commands over what only some backends can, and whether others do without it. */
const LINES: Record<string, 'needed' | 'not needed'> = {
  'cp web:/etc/hosts .': 'needed',
  'cp stack.yaml web:/': 'needed',
  'export -o web.tar web': 'needed',
  'commit web': 'needed',
  top: 'needed',
  'stats --no-stream': 'needed',
  images: 'needed',
  volumes: 'needed',
  'config --resolve-image-digests': 'needed',
  ps: 'not needed',
  logs: 'not needed',
  down: 'not needed',
}

function bare({ files: _files, images: _images, look: _look, ...reader }: Reader): Reader {
  return reader
}

for (const [line, wanted] of Object.entries(LINES))
  test(`${line} on a backend that has only what every backend has: ${wanted}`, async () => {
    await withLab(FILES, { images: { 'web:1': { cmd: ['serve'] } } }, async ({ run, begin, engine }) => {
      assert.is((await run('up', '-d')).code, 0)
      const { code, err } = await begin([...line.split(' ')], {
        openBackend: async (options) => {
          const backend = await openBackend({ backend: 'engine', engine }, options)
          return { ...backend, reader: bare(backend.reader) }
        },
        openReader: async () => bare(await openReader({ backend: 'engine', engine })),
      }).ended
      assert.is(code, wanted === 'needed' ? 1 : 0, err)
      assert.is(err.includes('error[not-supported]'), wanted === 'needed', err)
    })
  })

test.run()
