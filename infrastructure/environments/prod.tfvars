environment = "prod"
image       = "example/comfyui:v0.3.64"
