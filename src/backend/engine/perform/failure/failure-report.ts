import { ownCommand } from '../../../../diagnostics/own-command.ts'
import type { ContainerDetail, Engine, ProbeResult } from '../../../../docker/port.ts'
import type { FailureReport } from '../../../../execute/failure-report.ts'
import { redact, redactCommand } from '../../../../redact/redact.ts'
import { type Address, containerAddress } from '../../../../stack/address.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import { remediesFor } from '../../../docker/remedies.ts'
import { sensitiveOf } from '../../compare/sensitive.ts'
import { nextName } from '../../observe/slots.ts'
import { exitMeaning } from './exit-code.ts'

const LOG_LINES = 20
/** Milliseconds for collecting the details of a failure, which must not fail itself. */
const PATIENCE_MS = 5_000

export interface Failure {
  service: string
  container: string
  waiting: string[]
  tries: string[]
  /** The container could not be started: its log, last probe and exit code are from an earlier run. */
  isOfEarlierRun?: true
}

/** Collects the details that a user would look up by hand: how the container ended, its last probe, its last log lines. Never throws. */
export async function collectFailureReport(engine: Engine, failure: Failure): Promise<FailureReport> {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const found = await engine.inspectContainer(failure.container, signal).catch(() => undefined)
  const detail = found && failure.isOfEarlierRun ? withoutEarlierRun(found) : found
  const log = detail && !failure.isOfEarlierRun ? await lastLines(engine, detail.id, signal) : []
  const { waiting } = failure
  return {
    subject: subjectOf(failure, detail),
    ...(detail && { container: detail.name, image: detail.image }),
    ...(detail && hasEnded(detail) && { exit: exitOf(detail) }),
    ...(detail?.health && probeOf(detail)),
    ...(log.length > 0 && { log: detail ? log.map((line) => redact(line, sensitiveOf(detail))) : log }),
    ...(waiting.length > 0 && { waiting }),
    tries: whatToTry(failure, detail, log),
  }
}

/** The engine's exit codes for a failed start: the program cannot be executed, does not exist, or another reason. */
const START_FAILED = [126, 127, 128]

function withoutEarlierRun({ health: _, ...detail }: ContainerDetail): ContainerDetail {
  if (START_FAILED.includes(detail.exitCode)) return detail
  const { startedAt: _started, ...rest } = detail
  return { ...rest, oomKilled: false }
}

/** Remedies, most likely first; if none is known, where to look further. */
function whatToTry({ service, tries }: Failure, detail: ContainerDetail | undefined, log: string[]): string[] {
  const known = [...tries, ...triesFor(detail), ...remediesFor(log.filter(isOfLoader).join('\n'))]
  const further =
    log.length > 0 && detail && isKept(detail) ? [`see its full log: ${ownCommand(`logs ${service}`)}`] : []
  return [...new Set(known.length > 0 ? known : further)]
}

/** Whether `logs` will still show the container's log: a failed hook's container and a failed replacement are removed. */
function isKept({ name, labels }: ContainerDetail): boolean {
  return labels[COMPOSE.oneoff] !== 'True' && !name.endsWith(nextName(''))
}

/** A program that the dynamic loader rejects exits like any other; only its log gives the reason. */
function isOfLoader(line: string): boolean {
  return /exec format error$/.test(line)
}

function subjectOf({ service }: Failure, detail: ContainerDetail | undefined): Address {
  return containerAddress(service, Number(detail?.labels[COMPOSE.number] ?? 1))
}

function hasEnded(detail: ContainerDetail): boolean {
  return !detail.running && detail.startedAt !== undefined
}

function exitOf({
  exitCode: code,
  oomKilled,
  restartCount: restarts,
}: ContainerDetail): NonNullable<FailureReport['exit']> {
  return { code, meaning: exitMeaning(code, oomKilled), oomKilled, restarts }
}

function probeOf(detail: ContainerDetail): Pick<FailureReport, 'probe'> {
  const last = lastProbe(detail)
  if (!last) return {}
  const command = testText(detail.spec.Healthcheck?.Test ?? [])
  const { exitCode, output } = last
  const secrets = sensitiveOf(detail)
  const failures = detail.health?.failingStreak ?? 0
  return {
    probe: { command: redactCommand(command, secrets), exitCode, output: redact(output.trimEnd(), secrets), failures },
  }
}

/** Ignores a probe that was running when its container ended: the engine gives it the exit code -1. */
function lastProbe(detail: ContainerDetail): ProbeResult | undefined {
  return detail.health?.log.findLast((probe) => probe.exitCode !== -1)
}

/** Formats a health test as a user would type it. */
function testText([kind, ...words]: string[]): string {
  return kind === 'CMD-SHELL'
    ? words.join(' ')
    : words.map((word) => (/[\s"']/.test(word) ? JSON.stringify(word) : word)).join(' ')
}

async function lastLines(engine: Engine, id: string, signal: AbortSignal): Promise<string[]> {
  const lines: string[] = []
  try {
    for await (const line of engine.logs(id, { follow: false, tail: LOG_LINES, timestamps: false }, signal))
      lines.push(line.text)
  } catch {
    // The log driver cannot be read, or the container is gone: the report omits the log.
  }
  return lines.slice(-LOG_LINES)
}

function triesFor(detail: ContainerDetail | undefined): string[] {
  if (!detail) return []
  const code = hasEnded(detail) ? detail.exitCode : undefined
  const tries: string[] = []
  if (detail.oomKilled) tries.push('raise its memory limit (mem_limit or deploy.resources.limits.memory)')
  if (code === 127 || code === 126)
    tries.push('check `command` and `entrypoint`: the image has no such program, or it may not be executed')
  const probe = lastProbe(detail)
  if (probe?.exitCode === 127) tries.push('check `healthcheck.test`: its program is not in the image')
  return tries
}
