import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Disk, DiskError, realDisk } from '../../../src/load/file/disk.ts'
import { memoryDisk } from '../../../src/load/file/memory-disk.ts'
import { readStackFile, readText } from '../../../src/load/file/read.ts'
import { toData } from '../../../src/yaml/tree.ts'

const at = { file: '/p/compose.yaml', line: 3, col: 5, endLine: 3, endCol: 9 }

function problem(disk: Disk, path: string) {
  const result = readText(disk, path, at)
  assert.not.ok(result.ok)
  return result.ok ? undefined : result.diagnostics[0]
}

test('a missing file is reported where it is used, with the nearest name beside it', () => {
  const found = problem(memoryDisk({ '/p/.env': '', '/p/common.env': '' }), '/p/comon.env')
  assert.equal([found?.code, found?.at], ['file-missing', at])
  assert.match(found?.hint ?? '', '"common.env"')
  assert.match(problem(memoryDisk({ '/p/a': '' }), '/q/r/s.env')?.hint ?? '', '/q/r')
})

test('a directory is not a file, but may hold the one that was meant', () => {
  const found = problem(memoryDisk({ '/p/lab/compose.yaml': '' }), '/p/lab')
  assert.is(found?.code, 'file-unreadable')
  assert.match(found?.hint ?? '', '/p/lab/compose.yaml')
})

test('the first byte that is not UTF-8 is reported with its line and column', () => {
  const cases: [number[], number, number][] = [
    [[0xff], 1, 1],
    [[0x61, 0x0a, 0x62, 0xe9, 0x63], 2, 2],
    [[0x61, 0xe2, 0x82], 1, 2],
    [[0xc3, 0xa9, 0xc3, 0x28], 1, 2],
    [[...Array(100_000).fill(0x61), 0x0a, 0x80, 0x61], 2, 1],
  ]
  for (const [bytes, line, col] of cases) {
    const found = problem(memoryDisk({ '/p/f': Uint8Array.from(bytes) }), '/p/f')
    assert.equal(
      [found?.code, found?.at?.file, found?.at?.line, found?.at?.col],
      ['file-unreadable', '/p/f', line, col],
    )
    assert.equal(found?.related?.[0]?.at, at)
  }
  assert.match(problem(memoryDisk({ '/p/f': Uint8Array.from([0xff, 0xfe, 0x61, 0]) }), '/p/f')?.hint ?? '', 'UTF-16')
})

test('text comes back as it was written, but for a byte order mark', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const result = readText(memoryDisk({ '/f': `\uFEFF${text}` }), '/f')
      assert.is(result.ok && result.value, text)
    }),
  )
})

test('a stack file is text and documents; standard input is one too', () => {
  const disk = memoryDisk({ '/p/a.yaml': 'a: 1\n---\nb: 2\n' })
  const file = readStackFile(disk, '/p/a.yaml')
  assert.equal(file.ok && file.value.documents.map(toData), [{ a: 1 }, { b: 2 }])
  const stdin = readStackFile(disk, '-', 'c: 3\n')
  assert.equal(stdin.ok && [stdin.value.text, stdin.value.documents.map(toData)], ['c: 3\n', [{ c: 3 }]])
  const empty = readStackFile(disk, '-')
  assert.is(!empty.ok && empty.diagnostics[0]?.code, 'file-empty')
})

test('the disk in memory answers like the real one', () => {
  const directory = mkdtempSync(join(tmpdir(), 'flotilla-disk-'))
  try {
    writeFileSync(join(directory, 'b'), 'text')
    writeFileSync(join(directory, 'a'), '')
    symlinkSync(join(directory, 'b'), join(directory, 'link'))
    const memory = memoryDisk({
      [join(directory, 'a')]: '',
      [join(directory, 'b')]: 'text',
      [join(directory, 'link')]: 'text',
    })
    for (const name of ['', 'a', 'b', 'link', 'none', 'none/deeper', '../'])
      assert.equal(answers(memory, join(directory, name)), answers(realDisk(), join(directory, name)), name)
  } finally {
    rmSync(directory, { recursive: true })
  }
})

function answers(disk: Disk, path: string) {
  const kind = disk.kind(path)
  const list = path.endsWith('/') ? [] : disk.list(path)
  try {
    return { kind, list, text: new TextDecoder().decode(disk.readFile(path)) }
  } catch (cause) {
    return { kind, list, code: cause instanceof DiskError && cause.code }
  }
}

test.run()
