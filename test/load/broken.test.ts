import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CODES } from '../../src/diagnostics/codes.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { discover } from '../../src/load/discover/discover.ts'
import { type Disk, realDisk } from '../../src/load/file/disk.ts'
import { load } from '../../src/load/load.ts'

/**
 * Each folder of samples/broken is a stack with problems; expected.json holds all problems that loading reports.
 * load.json says which files are loaded (none: they are looked for) where it is not stack.yaml. `UPDATE=1` records them again.
 */
const BROKEN = join(import.meta.dirname, '../../samples/broken')
const NAMES = readdirSync(BROKEN).sort()
const reported: Diagnostic[] = []

for (const name of NAMES) {
  test(`samples/broken/${name} is reported in full`, () => {
    const directory = join(BROKEN, name)
    const golden = join(directory, 'expected.json')
    const problems = problemsOf(directory)
    reported.push(...problems)
    const shown = `${JSON.stringify(
      problems.map((problem) => shownAs(problem, directory)),
      null,
      2,
    )}\n`
    if (process.env.UPDATE) writeFileSync(golden, shown)
    assert.ok(existsSync(golden), 'expected.json is missing')
    assert.fixture(shown, readFileSync(golden, 'utf8'))
    assert.ok(problems.length > 0, 'a broken sample has a problem')
  })
}

test('every code of loading has a sample', () => {
  const codes = Object.keys(CODES)
  const ofLoading = codes.slice(0, codes.indexOf('path-missing') + 1).concat('obsolete')
  const shown = new Set(reported.map(({ code }) => code))
  assert.equal(
    ofLoading.filter((code) => !shown.has(code as Diagnostic['code'])),
    [],
  )
})

test('every problem has a place or says what to do', () => {
  for (const { at, hint, message } of reported) assert.ok(at || hint, message)
})

function problemsOf(directory: string): Diagnostic[] {
  const disk = below(directory, realDisk())
  const found = discover({ files: namedFiles(directory), cwd: directory, environment: {} }, disk)
  if (!found.ok) return found.diagnostics
  const { files, projectDirectory } = found.value
  const input = { files, projectDirectory, profiles: [], envFiles: [], environment: {}, workingDirectory: directory }
  const loaded = load(input, disk)
  if (!loaded.ok) return [...found.warnings, ...loaded.diagnostics]
  return [...found.warnings, ...loaded.warnings, ...new Set(loaded.value.clashes.map(({ problem }) => problem))]
}

function namedFiles(directory: string): string[] {
  const how = join(directory, 'load.json')
  return existsSync(how) ? JSON.parse(readFileSync(how, 'utf8')).files : ['stack.yaml']
}

/** Nothing above the sample is there: a stack file further up must not be found. */
function below(directory: string, disk: Disk): Disk {
  return { ...disk, kind: (path) => (path.startsWith(directory) ? disk.kind(path) : 'missing') }
}

/** Places relative to the sample. */
function shownAs(
  { severity, code, message, hint, at, related }: Diagnostic,
  directory: string,
): Record<string, unknown> {
  const local = (text: string) => text.replaceAll(`${directory}/`, '').replaceAll(directory, '.')
  return {
    severity,
    code,
    ...(at && { at: `${relative(directory, at.file)}:${at.line}:${at.col}` }),
    message: local(message),
    ...(hint && { hint: local(hint) }),
    ...(related?.length && {
      related: related.map(
        (each) => `${relative(directory, each.at.file)}:${each.at.line}:${each.at.col} ${each.message}`,
      ),
    }),
  }
}

test.run()
