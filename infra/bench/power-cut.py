#!/usr/bin/env python3
"""Cuts the power of a mounted ext4: what was not synced to the disk is gone. Usage: power-cut.py FOLDER (as root)

The file system is shut down without flushing its journal (EXT4_IOC_SHUTDOWN with GOING_FLAGS_NOLOGFLUSH), as
xfstests does it; mounting it again finds what a disk would hold after a power cut.
"""
import fcntl
import os
import struct
import sys

SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
