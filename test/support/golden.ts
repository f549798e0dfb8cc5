import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as assert from 'uvu/assert'

/** Compares a text with a file beside the tests. UPDATE=1 writes the file instead: read what changed before committing it. */
export function assertGolden(actual: string, file: string): void {
  if (process.env.UPDATE) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, actual)
  }
  assert.ok(existsSync(file), `${file} is not there: UPDATE=1 writes it`)
  assert.fixture(actual, readFileSync(file, 'utf8'))
}
