import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'

/** Compares a text with the file below `directory`/golden; `UPDATE=1` records it again. */
export function golden(directory: string, name: string, text: string): void {
  const file = join(directory, 'golden', name)
  if (process.env.UPDATE) writeFileSync(file, text)
  assert.ok(existsSync(file), `${file} is missing: record it with UPDATE=1`)
  assert.fixture(text, readFileSync(file, 'utf8'))
}
