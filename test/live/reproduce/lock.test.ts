import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { BUILT, type Scene, STAYS, scenes } from '../scene.ts'
import { checkContentIds } from './loaded-image.ts'

const scene = await scenes()

/** Of nobody: no engine can ask a registry on that port. */
const DIGEST = `127.0.0.1:9/lab@sha256:${'a'.repeat(64)}`

async function must({ run }: Scene, line: string, code = 0): Promise<string> {
  const ran = await run(...line.split(' '))
  assert.is(ran.code, code, `${line}: ${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

const read = ({ folder }: Scene, name: string) => readFileSync(join(folder, name), 'utf8')

scene(
  'an image with a digest in its name starts offline once its content is locked; verify sees another one',
  async (at) => {
    await checkContentIds(at.engine, at.project)
    await at.stack({ services: { web: STAYS } })
    await must(at, 'lock --no-packages')
    await at.stack({ services: { web: { ...STAYS, image: DIGEST } } })
    await at.write('stack.lock.yaml', read(at, 'stack.lock.yaml').replaceAll(SCRATCH_IMAGE, DIGEST))
    await must(at, 'up -d --locked')
    await must(at, 'verify')
    await must(at, 'down -t 0')
    await must(at, 'up -d')
    await at.stack({ services: { web: { ...STAYS, image: DIGEST, environment: { MODE: 'slow' } } } })
    await must(at, 'up -d --locked', 1)
    assert.equal(Object.keys(await at.containers()), ['web-1'])
  },
)

scene('packages are read from files and by the interpreter of the image, which leaves nothing behind', async (at) => {
  await at.write('status', 'Package: bash\nStatus: install ok installed\nVersion: 5.2\n')
  await at.write('python3', '#!/bin/sh\nprintf "pip\\tnumpy\\t2.0\\n"\n')
  const lines = [
    'COPY status /var/lib/dpkg/status',
    'COPY python3 /bin/',
    'RUN chmod 755 /bin/python3',
    'VOLUME /data',
    'USER 65534',
  ]
  await at.write('Dockerfile', [`FROM ${SCRATCH_IMAGE}`, ...lines].join('\n'))
  await at.stack({ services: { web: { ...BUILT, build: '.' } } })
  await must(at, 'build')
  await must(at, 'lock')
  const packages = read(at, 'stack.packages.lock')
  assert.match(packages, /dpkg:\n {6}bash: "5.2"\n {4}pip:\n {6}numpy: "2.0"/)
  const holders = { labels: [`io.flotilla.reading=${at.project}`] }
  assert.equal(await at.engine.listContainers(holders), [])
  await must(at, 'lock --update')
  assert.is(read(at, 'stack.packages.lock'), packages)
})

test.run()
