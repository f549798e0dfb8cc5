export type Condition = 'service_started' | 'service_healthy' | 'service_completed_successfully'

export interface Dependency {
  condition: Condition
  required: boolean
  restart?: boolean
}

export interface Hook {
  command: string[]
  user?: string
  privileged?: boolean
  working_dir?: string
  environment?: Record<string, string | null>
}

export interface PreStart extends Hook {
  /** The service's own image if absent. */
  image?: string
  /** Whether to run it for each container; by default it runs once, with the volumes of the first one. */
  per_replica?: boolean
}

export interface Healthcheck {
  /** `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", "…"]`; absent: the image's test. */
  test?: string[]
  interval?: string
  timeout?: string
  retries?: number
  start_period?: string
  start_interval?: string
  disable?: boolean
}

export interface Model {
  name?: string
  model?: string
  context_size?: number
  runtime_flags?: string[]
}
