"""Nothing but the page's extension: no node, no route, nothing that runs on the server."""

NODE_CLASS_MAPPINGS = {}
WEB_DIRECTORY = "./web"
