"""The story of a deploy: the keeper of services, deployments and domain records."""
