# JupyterLab's settings. The token is taken from the environment: JUPYTER_TOKEN.
c = get_config()  # noqa: F821

# From outside, only what stack.yaml publishes can be reached.
c.ServerApp.ip = '0.0.0.0'
c.ServerApp.port = 8888
# Another port than the published one would be of no use.
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.root_dir = '/home/jovyan/work'

# What comes with the image is all there is: ask nobody for news, updates or extensions. (page_config.json keeps the
# browser from asking whether to.)
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = 'jupyterlab.NeverCheckForUpdate'
c.LabApp.extension_manager = 'readonly'
