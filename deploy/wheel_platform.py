"""Print which Python on which machine this is, in the words of wheels: ``cp311-linux_x86_64``."""

import sys
import sysconfig

tag = f"cp{sys.version_info[0]}{sys.version_info[1]}"
print(f"{tag}-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}")  # noqa: T201
