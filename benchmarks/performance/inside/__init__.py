"""What runs in a function's process: its package, boto3 and these modules."""
