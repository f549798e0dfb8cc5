import { StackError } from '../diagnostics/checked.ts'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import { ownCommand } from '../diagnostics/own-command.ts'
import type { Loaded } from '../load/loaded.ts'
import { type Basis, changedSince, type Origins, type SavedPlan } from '../plan/saved.ts'
import type { Stack } from '../stack/model.ts'
import type { Project } from './project.ts'
import type { Survey } from './request.ts'
import type { StackSource } from './runtime.ts'

/** The source of a loaded stack, for a saved plan. */
export async function originsOf(project: Project, loaded: Loaded): Promise<Origins> {
  const [{ envFileFlags }, { input, directory }] = await Promise.all([
    import('../load/variable/variables.ts'),
    project.files(),
  ])
  const { files, projectDirectory, profiles } = input
  return {
    files,
    profiles,
    envFiles: envFileFlags(input, project.disk, directory),
    projectName: loaded.stack.name,
    ...(projectDirectory && { projectDirectory }),
  }
}

export function sourceOf({ origins }: SavedPlan): StackSource {
  const { projectDirectory, projectName, files, profiles, envFiles } = origins
  return { file: files, projectName, projectDirectory, envFile: envFiles, profile: profiles }
}

/** Throws a StackError unless planning now yields the saved plan; `file` is its name in messages. */
export function refuseIfMoved(saved: SavedPlan, model: Stack, { plan, facts }: Survey, file: string): void {
  const moved = changedSince(saved, { model, facts, plan })
  if (moved.length > 0) throw new StackError([refusal(moved, saved, { plan }, file)])
}

const MOVED: Record<keyof Basis, string> = {
  model: 'the stack files, or what they take from variables and secrets',
  facts: "the project's containers, networks or volumes",
  plan: 'what has to be done',
}

function refusal(moved: (keyof Basis)[], saved: SavedPlan, { plan }: Pick<Survey, 'plan'>, file: string): Diagnostic {
  const reported = moved.filter((part) => part !== 'plan' || moved.length === 1)
  const what = reported.map((part) => MOVED[part]).join(', and ')
  const message = `${file} was saved ${saved.made}; since then ${what} changed`
  return error('moved', message, {
    hint: `${differenceOf(saved, plan)}plan again: ${ownCommand(`plan --out ${file}`)}`,
  })
}

function differenceOf(saved: SavedPlan, plan: Survey['plan']): string {
  const before = new Set(saved.plan.steps.map((step) => step.id))
  const now = new Set(plan.steps.map((step) => step.id))
  const added = [...now].filter((id) => !before.has(id)).map((id) => `now also ${id}`)
  const gone = [...before].filter((id) => !now.has(id)).map((id) => `no more ${cut(id)}`)
  const all = [...added, ...gone]
  return all.length === 0 ? '' : `${all.slice(0, MOST).join(', ')}${all.length > MOST ? ', …' : ''}; `
}

const MOST = 4

/** Truncates an id: a file may contain ids of any length. */
function cut(id: string): string {
  return id.length > LONGEST ? `${id.slice(0, LONGEST)}…` : id
}

const LONGEST = 200
