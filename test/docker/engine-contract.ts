import { suite, type Test } from 'uvu'
import type { Engine } from '../../src/docker/port.ts'
import type { ContainerSpec } from '../../src/docker/spec.ts'
import { withProject } from '../support/live.ts'
import { containerContract } from './contract/containers.ts'
import { fileContract } from './contract/files.ts'
import { imageContract } from './contract/images.ts'
import { lookContract } from './contract/look.ts'
import { networkContract } from './contract/networks.ts'
import { runningContract } from './contract/running.ts'
import { sessionContract } from './contract/sessions.ts'
import { streamContract } from './contract/streams.ts'
import { transferContract } from './contract/transfer.ts'
import { volumeContract } from './contract/volumes.ts'

/** An engine under the contract, and how to get containers of it that behave in certain ways. */
export interface Subject {
  engine: Engine
  /** Says nothing and runs until it is stopped, which it obeys at once. */
  runs: Program
  /** Ends with code 3 as soon as it has started. */
  fails: Program
  /** Cannot be started: no such command. */
  missing: Program
  /** Its health test passes after 300 ms; probed every 100 ms. */
  getsHealthy: Program
  /** Its health test never passes; probed every 100 ms, unhealthy after two. */
  staysUnhealthy: Program
  /** Prints `out 1` and `out 2` to stdout, `err 1` to stderr, and ends with code 0. */
  prints: Program
  /** Its image declares the variable IMAGE=1, the volume /data and the exposed port 80/tcp. Otherwise like `runs`. */
  declares: Program
}

export type Program = Pick<ContainerSpec, 'Image' | 'Cmd' | 'Healthcheck'>

export interface Scope extends Subject {
  project: string
  labels: Record<string, string>
  /** A container of the program, created, named after the project and `name`. Resolves with its id. */
  create(name: string, program: Program, spec?: Partial<ContainerSpec>): Promise<string>
}

export type Check = (name: string, body: (scope: Scope) => Promise<void>) => void

/**
 * What flotilla relies on, of every engine alike. One suite, so that the engine in memory cannot come to differ from the real one unnoticed.
 * Without a subject, the reason why everything is skipped.
 */
export function engineContract(name: string, subject: Subject | undefined): Test {
  const test = suite(name)
  const check: Check = (title, body) => {
    if (subject) test(title, () => withScope(subject, body))
    else test.skip(title)
  }
  containerContract(check)
  runningContract(check)
  networkContract(check)
  volumeContract(check)
  imageContract(check)
  fileContract(check)
  streamContract(check)
  sessionContract(check)
  lookContract(check)
  transferContract(check)
  return test
}

function withScope(subject: Subject, body: (scope: Scope) => Promise<void>): Promise<void> {
  return withProject(subject.engine, ({ engine, project, labels }) =>
    body({
      ...subject,
      project,
      labels,
      async create(name, program, spec = {}) {
        const full = { HostConfig: {}, ...program, ...spec, Labels: { ...labels, ...spec.Labels } }
        return (await engine.createContainer(`${project}-${name}`, full)).id
      },
    }),
  )
}
