import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { tarOf } from '../../../src/archive/tar.ts'
import { engineTransfer } from '../../../src/backend/engine/transfer/transfer.ts'
import { type Lab, withLab } from '../support.ts'

const STACK = `
name: shop
services: { db: { image: "db:1", volumes: ["data:/data"] }, web: { image: "db:1" } }
volumes: { data: {} }
`
const NEVER = new AbortController().signal
const VOLUME = { name: 'shop_data', key: 'data', labels: {} }

const hold = ({ engine }: Lab) => engineTransfer(engine).volumes.hold(VOLUME, { project: 'shop', image: 'db:1' }, NEVER)
const onLab = (body: (lab: Lab) => Promise<void>) => () =>
  withLab({ 'stack.yaml': STACK }, { images: { 'db:1': { cmd: ['serve'] } } }, body)

test(
  'up refuses a volume that is half filled, uses it once it is whole, and leaves other services alone',
  onLab(async (lab) => {
    const held = await hold(lab)
    for (const command of [['up', '-d'], ['plan'], ['create'], ['run', '-d', 'db']]) {
      const { code, err } = await lab.run(...command)
      assert.is(code, 1, command.join(' '))
      assert.match(err, 'half-unpacked')
    }
    assert.is((await lab.run('up', '-d', 'web')).code, 0)
    await held.fill(
      (async function* () {
        yield tarOf([{ path: 'volume', type: 'directory', mode: 0o755 }])
      })(),
      NEVER,
    )
    assert.is((await lab.run('up', '-d')).code, 1)
    await held.release()
    const { code, err } = await lab.run('up', '-d')
    assert.is(code, 0, err)
  }),
)

test(
  'down keeps a volume that is half filled; down -v removes it with its mark',
  onLab(async (lab) => {
    await hold(lab)
    assert.is((await lab.run('down')).code, 0)
    assert.is((await lab.run('up', '-d')).code, 1)
    assert.is((await lab.run('down', '-v')).code, 0)
    assert.equal([await lab.engine.listContainers({}), await lab.engine.listVolumes({})], [[], []])
    assert.is((await lab.run('up', '-d')).code, 0)
  }),
)

test('an external volume that is half filled is refused, whichever project fills it', () =>
  withLab(
    { 'stack.yaml': STACK.replace('data: {}', 'data: { external: true, name: shared }') },
    { images: { 'db:1': { cmd: ['serve'] } } },
    async (lab) => {
      for (const project of ['shop', 'other']) {
        const place = { project, image: 'db:1' }
        const held = await engineTransfer(lab.engine).volumes.hold({ name: 'shared', labels: {} }, place, NEVER)
        const { code, err } = await lab.run('up', '-d')
        assert.is(code, 1, project)
        assert.match(err, 'half-unpacked')
        await held.undo()
      }
      const place = { project: 'shop', image: 'db:1' }
      await (await engineTransfer(lab.engine).volumes.hold({ name: 'shared', labels: {} }, place, NEVER)).release()
      const { code, err } = await lab.run('up', '-d')
      assert.is(code, 0, err)
    },
  ))

test.run()
