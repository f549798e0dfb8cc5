import { DATABASES, required, type Template } from '../template.ts'

export const jupyter: Template = {
  name: 'jupyter',
  summary: 'JupyterLab with Python, R and Julia',
  image: 'quay.io/jupyter/datascience-notebook:2025-12-31',
  role: 'workplace',
  notes: ['`flotilla open jupyter` opens it in the browser, already logged in.'],
  // The image needs root to take the ids; it runs notebooks as that user.
  user: 'root',
  environment: {
    JUPYTER_TOKEN: required('JUPYTER_TOKEN'),
    NB_UID: '${HOST_UID:-1000}',
    NB_GID: '${HOST_GID:-100}',
  },
  secrets: { JUPYTER_TOKEN: 'the page of JupyterLab' },
  ids: { user: 'HOST_UID', group: 'HOST_GID' },
  ports: [{ variable: 'JUPYTER_PORT', container: 8888 }],
  mounts: [
    { folder: 'work', at: '/home/jovyan/work', why: 'Notebooks are in this folder of the host, and stay there.' },
  ],
  health: {
    why: ['Answers without the token.'],
    test: ['python3', '-c', "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8888/api', timeout=3)"],
    start: '1m',
  },
  connects: DATABASES,
  drivers: (others) => [`In a notebook: %pip install ${packagesOf(others)}`],
}

function packagesOf(others: readonly Template[]): string {
  return [...new Set(others.flatMap(({ packages }) => packages?.python ?? []))].join(' ')
}
