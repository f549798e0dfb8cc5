import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { realDisk } from '../../../src/load/file/disk.ts'
import { withFolder } from '../../support/folder.ts'

const LONG = 300_000

test('a pipe is read to its end, in however many pieces it comes', () =>
  withFolder({}, async (folder) => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const script = `head -c ${LONG} /dev/zero > '${pipe}'`
    const writer = spawn('sh', ['-c', script])
    assert.is(realDisk().readFile(pipe).length, LONG)
    await once(writer, 'close')
  }))

test('a pipe is read once, however often its text is needed', () =>
  withFolder({}, async (folder) => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const writer = spawn('sh', ['-c', `printf abc > '${pipe}'`])
    const disk = realDisk()
    assert.equal([disk.readFile(pipe), disk.readFile(pipe)].map(String), ['abc', 'abc'])
    await once(writer, 'close')
  }))

test('process substitutions of a shell are read, also empty ones', () => {
  const read = `import('${join(import.meta.dirname, '../../../src/load/file/disk.ts')}').then(({ realDisk }) =>
    console.log(realDisk().readFile(process.argv[1]).length))`
  const lengthOf = (command: string) =>
    Number(
      execFileSync(
        'bash',
        ['-c', `exec "$0" --import tsx --input-type=module -e "$1" <(${command})`, process.execPath, read],
        {
          encoding: 'utf8',
        },
      ),
    )
  assert.equal([lengthOf('true'), lengthOf('printf abc')], [0, 3])
})

test.run()
