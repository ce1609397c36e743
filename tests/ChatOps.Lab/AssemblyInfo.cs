// One gateway, one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
