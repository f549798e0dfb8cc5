/**
 * flotilla as a library; docs/library.md shows how to use it.
 *
 * `openProject` does everything that the command line does, and as safely: changes to a project take turns with every other command
 * on this machine, wait for the engine to complete the requests of killed commands, and are recorded for guards.
 *
 * The other exports are the stages from files to a running stack: `discover`, `load`, `openBackend`, `observe`, `plan`, `execute`.
 * They take no locks and record nothing, so they suit inspection and experiments; changes to a project that others use too should go
 * through `openProject`.
 *
 * Loading and planning are pure and return problems as data (`Checked`, `Diagnostic`); `execute` never throws. Nothing here reads or
 * writes the process: environment, directories and streams are parameters. Messages and hints mark the foreign text in them, which
 * views mask, and flotilla's own commands, which views complete; `withoutMarks` returns the plain sentence.
 */

// from the model to a plan
export type { Backend, Declared } from './backend/backend.ts'
export type { BuildChoices, BuildIntent, PullIntent, PushIntent } from './backend/image-intent.ts'
export {
  DOWN,
  type DownIntent,
  type Intent,
  type KillIntent,
  type LockedImages,
  type OneOff,
  type PauseIntent,
  REMOVE,
  type RemoveIntent,
  type RestartIntent,
  type RunIntent,
  type StartIntent,
  type StopIntent,
  UP,
  type UpIntent,
} from './backend/intent.ts'
export type { BackendOptions } from './backend/options.ts'
export type { PublishedPort, Replica } from './backend/read/containers.ts'
export type { Change } from './backend/read/events.ts'
export type { LogLine, LogOptions } from './backend/read/logs.ts'
export type { Reader } from './backend/reader.ts'
export { openBackend } from './backend/registry.ts'
export type { ExecRequest, Session, Spoken, TerminalSize } from './backend/session.ts'
export type { BackendKind, Target } from './backend/target.ts'
// problems
export { BackendError, type BackendErrorKind, isAway } from './diagnostics/backend-error.ts'
export { type Checked, checked, failed, StackError, unwrap } from './diagnostics/checked.ts'
export { CODES, type Code } from './diagnostics/codes.ts'
export { type Diagnostic, isError, type Severity } from './diagnostics/diagnostic.ts'
export { withoutMarks } from './diagnostics/foreign.ts'
export type { Span } from './diagnostics/span.ts'
export { connect } from './docker/connect.ts'
export { type Engine, EngineError } from './docker/port.ts'
// from a plan to a running stack
export { realClock } from './execute/clock.ts'
export type { Emit, RunEvent, StepInfo } from './execute/event.ts'
export { type ExecuteOptions, execute, type Outcome } from './execute/execute.ts'
export type { FailureReport, FailureReport as Dossier } from './execute/failure-report.ts'
export {
  type Clock,
  type Perform,
  type StepContext as Scope,
  type StepContext,
  StepFailure,
  type StepOutput,
} from './execute/step-context.ts'
export { Graph } from './graph/graph.ts'
export { type OpenProject, openProject } from './library/open-project.ts'
export type {
  ContainerExit,
  ContainerLine,
  EndpointsRequest,
  GuardRequest,
  LogsRequest,
  OpenProjectOptions,
  WorkOptions,
} from './library/options.ts'
export { type Discovered, type DiscoverInput, discover } from './load/discover/discover.ts'
// from files to the model
export { type Disk, DiskError, type FileKind, realDisk } from './load/file/disk.ts'
export { memoryDisk } from './load/file/memory-disk.ts'
export type { Clash } from './load/findings.ts'
export type { LoadInput } from './load/input.ts'
export { load } from './load/load.ts'
export type { Loaded } from './load/loaded.ts'
export { configOf, configText } from './load/print/print.ts'
// lock files
export { contentId, contentOfConfigFile, type ImageContent } from './lockfile/content-id.ts'
export { type Difference, differences } from './lockfile/differences.ts'
export type { Enforced, Lock } from './lockfile/model.ts'
export { portableStack } from './lockfile/portable.ts'
export { type ReadLock, readLock } from './lockfile/read.ts'
export { lockText } from './lockfile/text.ts'
export type { Plan } from './plan/plan.ts'
export type { SavedPlan } from './plan/saved.ts'
export type { After, FieldChange, Ref, Step, StepId, Verb, When } from './plan/step.ts'
// a project, with all features of the command line
export type { Endpoint } from './project/endpoint/endpoint.ts'
export type { Holder } from './project/lock/lock.ts'
export type { Notice } from './project/notice.ts'
export type { Ran, Survey } from './project/request.ts'
export type { LockWait, Runtime } from './project/runtime.ts'
export { redact } from './redact/redact.ts'
export { type Address, type AddressKind, kindOf, serviceOf, shortName } from './stack/address.ts'
export { type DependencyEdge, dependenciesOf } from './stack/dependencies.ts'
export type * from './stack/model.ts'
export { NOTHING_SENSITIVE, type Sensitive } from './stack/sensitive.ts'
// output for people
export type { Facts, Mode, View } from './view/contract.ts'
export type { Output, Terminal } from './view/terminal.ts'
export { createView } from './view/view.ts'
