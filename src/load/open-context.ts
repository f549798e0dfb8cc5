import { dirname } from 'node:path'
import { failed } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import { foreign } from '../diagnostics/foreign.ts'
import { isCompatible, projectName } from './discover/project-name.ts'
import type { Disk } from './file/disk.ts'
import { StackFiles } from './file/stack-files.ts'
import { Findings } from './findings.ts'
import type { LoadInput, RemoteFiles } from './input.ts'
import type { Loading, ModelContext } from './merge/context.ts'
import { quotaOfExtends } from './merge/extends.ts'
import type { Form } from './merge/form.ts'
import { ScalarsForLists } from './merge/scalar-for-list.ts'
import { newTrace } from './merge/trace.ts'
import { newRoom } from './variable/substitute.ts'
import { readVariables, type Variables, variablesOf } from './variable/variables.ts'

interface Opened {
  context: ModelContext
  /** The project's name. */
  name: string
  /** Whether names are composed as in Compose 1. */
  isCompatible: boolean
}

/** The initial directory, variables and project name for loading. */
export function openContext(input: LoadInput, disk: Disk, form: Form): Opened {
  const directory = input.projectDirectory ?? directoryOf(input)
  const loading = openLoading(input, disk, form, directory)
  const { report } = loading.findings
  const read = readVariables(input, disk, directory)
  for (const problem of read.ok ? read.warnings : read.diagnostics) report(problem)
  const variables = read.ok ? read.value : variablesOf(input.environment)
  const namesake = input.callerDirectory ?? directory
  const named = projectName(input.projectName, variables, () => documentsOf(input, loading.files), namesake)
  if (!named.ok) for (const problem of named.diagnostics) report(problem)
  const name = named.ok ? named.value : 'unnamed'
  const chain = input.files.slice(0, 1).map((file) => ({ file }))
  const context = { ...loading, directory, variables: withName(variables, name), chain }
  return { context, name, isCompatible: isCompatible(input, context.variables) }
}

/** For programs that load files by themselves. */
const NOTHING_REMOTE: RemoteFiles = {
  has: () => false,
  find: (reference) =>
    failed(
      error('remote-unavailable', `${foreign(reference)} is not on this machine`, { hint: 'openProject fetches it' }),
    ),
}

function openLoading(input: LoadInput, disk: Disk, form: Form, root: string): Loading {
  const findings = new Findings()
  return {
    options: input.options ?? {},
    home: input.home,
    remotes: input.remotes ?? NOTHING_REMOTE,
    root,
    form,
    files: new StackFiles(disk, input.stdin, findings),
    findings,
    scalars: new ScalarsForLists(findings.report),
    room: newRoom(),
    inherited: quotaOfExtends(findings),
    included: new Map(),
    trace: input.options?.trace ? newTrace() : undefined,
  }
}

/** Fails if a file cannot be read: it may contain the name, and another name would be confusing. */
function documentsOf({ files: names }: LoadInput, files: StackFiles) {
  const read = names.map((file) => files.documents(file))
  if (read.includes(undefined)) return failed()
  return { ok: true as const, value: read.flatMap((each) => each ?? []), warnings: [] }
}

function directoryOf({ files, workingDirectory }: LoadInput): string {
  const [first = '-'] = files
  return first === '-' ? workingDirectory : dirname(first)
}

/** Makes the project's name available to the files as a variable, whatever its source. */
function withName(variables: Variables, name: string): Variables {
  const KEY = 'COMPOSE_PROJECT_NAME'
  return {
    lookup: (key) => (key === KEY ? { value: name, from: 'environment' } : variables.lookup(key)),
    names: () => [...new Set([...variables.names(), KEY])].sort(),
  }
}
