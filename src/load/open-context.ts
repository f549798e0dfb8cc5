import { dirname } from 'node:path'
import { failed } from '../diagnostics/checked.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { projectName } from './discover/project-name.ts'
import type { Disk } from './file/disk.ts'
import { parsedDocuments } from './file/documents.ts'
import type { LoadInput } from './loaded.ts'
import type { Journal, Scope } from './merge/context.ts'
import type { Form } from './merge/form.ts'
import { readVariables, type Variables, variablesOf } from './variable/variables.ts'

/** What loading starts with: where paths start, the variables, the project's name. Problems go to the journal. */
export function openScope(input: LoadInput, disk: Disk, journal: Journal, form: Form): { scope: Scope; name: string } {
  const directory = input.projectDirectory ?? directoryOf(input)
  const report = (problem: Diagnostic) => void journal.diagnostics.push(problem)
  const read = readVariables(input, disk, directory)
  for (const problem of read.ok ? read.warnings : read.diagnostics) report(problem)
  const variables = read.ok ? read.value : variablesOf(input.environment)
  const reading = { disk, stdin: input.stdin, report, journal }
  const documents = () => {
    const read = input.files.map((file) => parsedDocuments(file, reading))
    // The name may stand in a file that cannot be read: another one would only confuse.
    if (read.includes(undefined)) return failed()
    return { ok: true as const, value: read.flatMap((each) => each ?? []), warnings: [] }
  }
  const named = projectName(input.projectName, variables, documents, directory)
  if (!named.ok) for (const problem of named.diagnostics) report(problem)
  const name = named.ok ? named.value : 'unnamed'
  const place = { home: input.home, directory, root: directory, options: input.options ?? {}, form }
  const chain = input.files.slice(0, 1).map((file) => ({ file }))
  return { name, scope: { ...reading, ...place, variables: withName(variables, name), chain } }
}

function directoryOf({ files, workingDirectory }: LoadInput): string {
  const [first = '-'] = files
  return first === '-' ? workingDirectory : dirname(first)
}

/** Files may use the project's name, wherever it comes from. */
function withName(variables: Variables, name: string): Variables {
  const KEY = 'COMPOSE_PROJECT_NAME'
  return {
    lookup: (key) => (key === KEY ? { value: name, from: 'environment' } : variables.lookup(key)),
    names: () => [...new Set([...variables.names(), KEY])].sort(),
  }
}
