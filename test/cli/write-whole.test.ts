import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeWhole } from '../../src/cli/write-whole.ts'
import { withFolder } from '../support/folder.ts'

test('a file is made, or replaced, with the permissions asked for, else those that it had', () =>
  withFolder({}, async (folder) => {
    const file = join(folder, 'file')
    await writeWhole(file, 'one', { mode: 0o600 })
    assert.equal([readFileSync(file, 'utf8'), statSync(file).mode & 0o777], ['one', 0o600])
    chmodSync(file, 0o640)
    await writeWhole(file, 'two')
    assert.equal([readFileSync(file, 'utf8'), statSync(file).mode & 0o777], ['two', 0o640])
    await writeWhole(file, 'three', { mode: 0o600 })
    assert.is(statSync(file).mode & 0o777, 0o600)
    assert.equal(readdirSync(folder), ['file'])
  }))

test('a reader sees the whole old file meanwhile', () =>
  withFolder({}, async (folder) => {
    const file = join(folder, 'file')
    writeFileSync(file, 'old')
    const { ino } = statSync(file)
    await writeWhole(file, 'new')
    assert.is.not(statSync(file).ino, ino)
  }))

test('a link stays one, and a device is written to', () =>
  withFolder({}, async (folder) => {
    writeFileSync(join(folder, 'file'), 'old')
    symlinkSync('file', join(folder, 'link'))
    await writeWhole(join(folder, 'link'), 'new')
    assert.is(readFileSync(join(folder, 'file'), 'utf8'), 'new')
    await writeWhole('/dev/null', 'gone')
    assert.ok(statSync('/dev/null').isCharacterDevice())
  }))

test('where it fails, nothing is left over', () =>
  withFolder({}, async (folder) => {
    mkdirSync(join(folder, 'folder'))
    for (const path of ['folder', 'absent/file', 'folder/../folder'])
      await writeWhole(join(folder, path), 'text').then(
        () => assert.unreachable(path),
        () => undefined,
      )
    assert.equal(readdirSync(folder, { recursive: true }), ['folder'])
  }))

test.run()
