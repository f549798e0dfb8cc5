import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ownerIn } from '../../../../../src/backend/engine/perform/container/owner.ts'
import { memoryEngine } from '../../../../support/memory-engine.ts'

const LISTS = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\napp:x:101:102::/srv:/bin/false\n',
  '/etc/group': 'root:x:0:\napp:x:102:\ncerts:x:103:app\n',
}

const CASES: [user: string | undefined, owner: [uid: number, gid: number]][] = [
  [undefined, [0, 0]],
  ['1000', [1000, 0]],
  ['101', [101, 102]],
  ['1000:1001', [1000, 1001]],
  ['app', [101, 102]],
  ['app:certs', [101, 103]],
  ['1000:certs', [1000, 103]],
  ['nobody', [0, 0]],
]

for (const [user, [uid, gid]] of CASES) {
  test(`files of a container that runs as ${user ?? 'the default user'}`, async () => {
    const engine = memoryEngine({ images: { app: { files: LISTS } } })
    const { id } = await engine.createContainer('app', {
      Image: 'app',
      HostConfig: {},
      ...(user !== undefined && { User: user }),
    })
    assert.equal(await ownerIn(engine, id), { uid, gid })
  })
}

test("the image's user counts where the service names none, and an image without lists knows numbers", async () => {
  const engine = memoryEngine({ images: { app: { user: '5:6' }, bare: { user: 'app' } } })
  const owner = async (image: string) =>
    ownerIn(engine, (await engine.createContainer(image, { Image: image, HostConfig: {} })).id)
  assert.equal(await owner('app'), { uid: 5, gid: 6 })
  assert.equal(await owner('bare'), { uid: 0, gid: 0 })
})

test.run()
