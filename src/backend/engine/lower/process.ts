import { milliseconds } from '../../../stack/units.ts'
import { environmentOf, healthSpec } from '../../docker/process.ts'
import type { Rows } from './row.ts'

/** The program in the container: command, environment, user, health. */
export const processRows = {
  command: (value, { spec }) => {
    spec.Cmd = value
  },
  entrypoint: (value, { spec }) => {
    spec.Entrypoint = value
  },
  environment: (value, { spec }) => {
    spec.Env = environmentOf(value)
  },
  user: (value, { spec }) => {
    spec.User = value
  },
  working_dir: (value, { spec }) => {
    spec.WorkingDir = value
  },
  hostname: (value, { spec }) => {
    spec.Hostname = value
  },
  domainname: (value, { spec }) => {
    spec.Domainname = value
  },
  tty: (value, { spec }) => {
    spec.Tty = value
  },
  stdin_open: (value, { spec }) => {
    spec.OpenStdin = value
  },
  stop_signal: (value, { spec }) => {
    spec.StopSignal = value
  },
  stop_grace_period: (value, { spec }) => {
    spec.StopTimeout = Math.ceil(milliseconds(value) / 1000)
  },
  init: (value, { host }) => {
    host.Init = value
  },
  healthcheck: (value, { spec }, { api }) => {
    spec.Healthcheck = healthSpec(value, api)
  },
  annotations: (value, { host }, { api }) => {
    if (api >= 143) host.Annotations = value
  },
} satisfies Rows
