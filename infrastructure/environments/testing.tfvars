environment   = "testing"
image         = "example/comfyui:v0.3.64"
share_gb      = 300
most_replicas = { spot = 1, on_demand = 1 }
