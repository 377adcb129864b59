"""Rules about EKS and what Kubernetes adds."""
