import { DATABASES, required, type Template } from '../template.ts'

export const rstudio: Template = {
  name: 'rstudio',
  summary: 'RStudio Server with R 4.5',
  image: 'rocker/rstudio:4.5.2',
  role: 'workplace',
  notes: ['Log in as rstudio.'],
  environment: {
    PASSWORD: required('RSTUDIO_PASSWORD'),
    USERID: '${HOST_UID:-1000}',
    GROUPID: '${HOST_GID:-1000}',
  },
  secrets: { RSTUDIO_PASSWORD: 'user rstudio of RStudio' },
  ids: { user: 'HOST_UID', group: 'HOST_GID' },
  ports: [{ variable: 'RSTUDIO_PORT', container: 8787 }],
  mounts: [{ folder: 'work', at: '/home/rstudio/work', why: 'This folder of the host holds what is to stay.' }],
  health: {
    why: ['The page that asks for the password.'],
    test: ['wget', '--quiet', '--output-document=/dev/null', 'http://127.0.0.1:8787'],
    start: '1m',
  },
  connects: DATABASES,
  drivers: (others) => [`In R: install.packages(${packagesOf(others)})`],
}

function packagesOf(others: readonly Template[]): string {
  const names = [...new Set(others.flatMap(({ packages }) => packages?.r ?? []))].map((name) => `"${name}"`)
  return names.length > 1 ? `c(${names.join(', ')})` : names.join()
}
