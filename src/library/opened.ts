import { homedir, platform } from 'node:os'
import { realClock } from '../execute/clock.ts'
import { localRuntime } from '../machine/runtime.ts'
import type { SavedPlan } from '../plan/saved.ts'
import type { Listener, Notice } from '../project/notice.ts'
import { Project } from '../project/project.ts'
import type { Runtime, StackSource } from '../project/runtime.ts'
import { sourceOf } from '../project/saved-plan.ts'
import { maskProblems, type Secrets } from '../redact/mask-problem.ts'
import { maskedEvent } from '../view/redact/masked.ts'
import type { OpenProjectOptions, WorkOptions } from './options.ts'

const NEVER = new AbortController().signal

/** The project for one operation, set up as for a command. */
export function opened(options: OpenProjectOptions, work: WorkOptions, saved?: SavedPlan): Project {
  const { clock = realClock, mayUseVariables: confirm } = options
  const source = { ...sourceIn(options), ...(saved && sourceOf(saved)) }
  const signals = [options.signal, work.signal].flatMap((signal) => signal ?? [])
  const signal = signals.length > 0 ? AbortSignal.any(signals) : NEVER
  const listener = listenerOf(options, work, () => project)
  const project: Project = new Project(runtimeOf(options), {
    source,
    signal,
    clock,
    listener,
    ...(confirm && { confirm }),
  })
  const { onSession } = work
  project.containers = { created: () => undefined, attached: onSession ?? ((session) => session.close()) }
  return project
}

/** The project's secrets known so far. */
export function secretsOf(project: Project): Secrets {
  return {
    sensitive: project.sensitive,
    sourceOf: (file) => project.textOf(file),
    variable: (name) => project.variable(name),
  }
}

function sourceIn(options: OpenProjectOptions): StackSource {
  const { files = [], envFiles = [], profiles = [], projectName, projectDirectory, backend, compatibility } = options
  return {
    file: files,
    envFile: envFiles,
    profile: profiles,
    projectName,
    projectDirectory,
    backend,
    ...(compatibility !== undefined && { compatibility }),
  }
}

function runtimeOf({ directory, environment, runtime }: OpenProjectOptions): Runtime {
  const machine = { env: environment, cwd: directory, home: homedir(), platform: platform(), readStdin: async () => '' }
  return { ...localRuntime(machine), ...runtime }
}

function listenerOf(options: OpenProjectOptions, work: WorkOptions, project: () => Project): Listener {
  const { onNotice, onEvent = () => undefined } = { ...options, ...(work.onEvent && { onEvent: work.onEvent }) }
  return {
    notify: (notice) => onNotice?.(maskedNotice(notice, secretsOf(project()))),
    events: () => (event) => onEvent(maskedEvent(event, secretsOf(project()))),
  }
}

function maskedNotice(notice: Notice, secrets: Secrets): Notice {
  return notice.kind === 'problems' ? { ...notice, problems: maskProblems(notice.problems, secrets) } : notice
}
