"""JupyterLab as `make lab` starts it: the project as its root, the chapters in view, one kernel, no calls elsewhere."""

c = get_config()  # noqa: F821  # given by Jupyter

c.ServerApp.root_dir = "."
c.LabApp.default_url = "/lab/tree/chapters"
# The only kernel that has the book's packages. A notebook that asks for another is offered this one.
c.KernelSpecManager.allowed_kernelspecs = {"python3"}
# No look for news, updates (overrides.json) or extensions: it works without a network; the lock says what is installed.
c.LabApp.app_settings_dir = "tools/lab"
c.LabApp.extension_manager = "readonly"
